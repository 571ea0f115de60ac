using Grpc.Core;
using Users.Data;

namespace Users.Server.Tests.Support;

/// <summary>A list whose reader took its first users and reads no further, on a connection of its own.</summary>
internal sealed class StalledList : IDisposable
{
    private const int FirstPageSize = 50;
    private const int SmallestWindow = 65_535;

    private readonly AsyncServerStreamingCall<V1.User> _call;

    private StalledList(V1.UserService.UserServiceClient client, AsyncServerStreamingCall<V1.User> call) => (Client, _call) = (client, call);

    /// <summary>A client on the same connection.</summary>
    public V1.UserService.UserServiceClient Client { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Opens the list. Its second page alone is more than HTTP/2's window takes, so that once the first user of that one is here, the server
    /// is inside a write that does not end.
    /// </summary>
    public static async Task<StalledList> OpenAsync(RunningServer server, Metadata? metadata = null, DateTime? deadline = null)
    {
        await server.FillAsync(UserRepository.MaxBatch);
        var client = new V1.UserService.UserServiceClient(server.Connect(new()
        {
            HttpHandler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = SmallestWindow },
            DisposeHttpClient = true,
        }));
        AsyncServerStreamingCall<V1.User> call = client.ListUsers(new(), metadata, deadline, Token);
        for (int i = 0; i <= FirstPageSize; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(Token));
        }

        return new StalledList(client, call);
    }

    /// <summary>Reads on, to the failure at the end.</summary>
    public Task<Failure> FailAsync() => Failure.OfAsync(async () => await _call.ResponseStream.ReadAllAsync(Token).CountAsync(Token));

    public void Dispose() => _call.Dispose();
}
