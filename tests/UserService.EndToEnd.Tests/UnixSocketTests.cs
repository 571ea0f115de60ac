using System.Net.Sockets;
using Grpc.Net.Client;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>gRPC on a Unix domain socket.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private GrpcChannel? _channel;

    private string SocketFile => _folder.File("users.sock");

    public void Dispose()
    {
        _channel?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_that_was_killed_starts_again_on_its_socket()
    {
        SkipOnWindows();
        await using (ServerProcess first = await StartAsync())
        {
            first.Process.Signal(ChildProcess.SigKill);
            await first.Process.EndAsync();
        }

        Assert.True(File.Exists(SocketFile));
        await using ServerProcess second = await StartAsync();

        Assert.Equal("Ada", (await Client().AddUserAsync("Ada")).Name);
        Assert.Equal(0, await second.StopAsync());
        Assert.False(File.Exists(SocketFile));
    }

    [Fact]
    public async Task A_socket_that_another_server_uses_ends_the_start_and_stays()
    {
        SkipOnWindows();
        await using ServerProcess first = await StartAsync();

        string sentence = await Failure.OfStartAsync([$"ConnectionStrings__Users=Data Source={_folder.File("other.db")}", Setting]);

        Assert.Contains("in use", sentence);
        Assert.Equal("Ada", (await Client().AddUserAsync("Ada")).Name);
    }

    [Fact]
    public async Task A_file_that_is_no_socket_ends_the_start_and_stays()
    {
        SkipOnWindows();
        await File.WriteAllTextAsync(SocketFile, "precious", TestContext.Current.CancellationToken);

        string sentence = await Failure.OfStartAsync([$"ConnectionStrings__Users=Data Source={_folder.Database}", Setting]);

        Assert.Contains("in use", sentence);
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketFile, TestContext.Current.CancellationToken));
    }

    private string Setting => $"Kestrel__Endpoints__Grpc__Url=http://unix:{SocketFile}";

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The signals and the path are a POSIX system's.");

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(_folder.Database, Setting);

    // The address is of no matter to a handler that connects by itself.
    private UserService.UserServiceClient Client() => new(_channel ??= GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketFile), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
        DisposeHttpClient = true,
    }));
}
