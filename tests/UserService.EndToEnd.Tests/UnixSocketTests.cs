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

    [Fact]
    public async Task A_client_tours_a_server_by_its_socket()
    {
        SkipOnWindows();
        await using ServerProcess server = await StartAsync();
        await using var tour = new TourProcess("--address", $"unix:{SocketFile}");

        Assert.Equal((0, ""), (await tour.Process.EndAsync(), $"{tour.Process.Error}"));
        Assert.Equal(TourTests.AllSteps, tour.Steps);
    }

    [Fact]
    public async Task A_client_says_that_nobody_listens_on_a_socket()
    {
        SkipOnWindows();
        await using var tour = new TourProcess("--address", $"unix:{SocketFile}");

        Assert.NotEqual(0, await tour.Process.EndAsync());
        Assert.StartsWith($"No server answers at unix:{SocketFile}; start one there", $"{tour.Process.Error}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_has_the_mode_that_is_set()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, Setting, "Kestrel__Endpoints__Grpc__UnixFileMode=660");

        Assert.Equal("660", Convert.ToString((int)File.GetUnixFileMode(SocketFile), 8));
    }

    [Theory]
    [InlineData("http://unix:/tmp/users.sock", "rw-rw----", "cannot be 'rw-rw----': write three octal digits, as in 660.")]
    [InlineData("http://127.0.0.1:0", "660", "is for an endpoint on a Unix domain socket, not for http://127.0.0.1:0.")]
    public async Task A_mode_that_cannot_be_set_ends_the_start(string url, string mode, string sentence) => Assert.Equal(
        $"Kestrel:Endpoints:Grpc:UnixFileMode {sentence}",
        await Failure.OfStartAsync([$"ConnectionStrings__Users=Data Source={_folder.Database}", $"Kestrel__Endpoints__Grpc__Url={url}", $"Kestrel__Endpoints__Grpc__UnixFileMode={mode}"]));

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
