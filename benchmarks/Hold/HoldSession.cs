using Grpc.Core;
using Users.V1;

namespace Users.Benchmarks.Hold;

/// <summary>A server, and the calls that stay open until its memory was read.</summary>
internal sealed class HoldSession(ServerUnderTest server) : IDisposable
{
    private readonly List<IDisposable> _calls = [];

    public UserService.UserServiceClient Client { get; } = server.Connect();

    /// <summary>Its connection is nobody else's: one call that is not read lets all others of its connection wait.</summary>
    public UserService.UserServiceClient Connect() => server.Connect();

    public CallInvoker ConnectInvoker() => server.ConnectChannel().CreateCallInvoker();

    public T Keep<T>(T call)
        where T : IDisposable
    {
        _calls.Add(call);
        return call;
    }

    public Task<User> AddUserAsync() =>
        Client.CreateUserAsync(new CreateUserRequest { Name = "Ada", Email = $"{Guid.NewGuid():n}@example.com" }).ResponseAsync;

    public void Dispose() => _calls.ForEach(call => call.Dispose());
}
