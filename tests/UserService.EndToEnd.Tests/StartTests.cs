using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>A server that starts. Each starts in the root directory, so nothing here is found by luck.</summary>
public sealed class StartTests(SharedServer shared)
{
    [Fact]
    public async Task A_server_started_from_the_root_directory_finds_its_settings_beside_the_dll()
    {
        // Protocols stands in appsettings.json alone: without it the port would not speak HTTP/2.
        Assert.Equal("Ada", (await shared.Server.Client.AddUserAsync("Ada")).Name);
    }

    [Fact]
    public async Task A_relative_database_lies_beside_the_dll()
    {
        using var folder = new TestFolder();
        string dll = ServerProcess.CopyTo(folder);
        await using ServerProcess server = await ServerProcess.Launch(["ConnectionStrings__Users=Data Source=relative.db"], dll: dll).StartedAsync();

        await server.Client.AddUserAsync("Ada");

        Assert.True(File.Exists(folder.File("relative.db")));
        Assert.False(File.Exists("/relative.db"));
    }

    [Fact]
    public async Task Every_setting_is_read_from_the_environment()
    {
        using var folder = new TestFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(
            folder.Database,
            [
                "Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:0",
                "Kestrel__Endpoints__Http__Url=http://127.0.0.1:0",
                .. Settings.Select(setting => $"Limits__{setting.Name}={setting.Value}"),
            ]);

        await AssertInForceAsync(server, folder);
    }

    [Fact]
    public async Task Every_setting_is_read_from_the_command_line_which_prevails_over_the_environment()
    {
        using var folder = new TestFolder();
        await using ServerProcess server = await ServerProcess.Launch(
            [
                // TEST-NET-1, which no machine has (RFC 5737).
                "Kestrel__Endpoints__Grpc__Url=http://192.0.2.1:0",
                "Kestrel__Endpoints__Http__Url=http://192.0.2.1:0",
                "ConnectionStrings__Users=Data Source=/nowhere/users.db",
                "Limits__MaxMessageBytes=1",
            ],
            [
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                $"--ConnectionStrings:Users=Data Source={folder.Database}",
                .. Settings.Select(setting => $"--Limits:{setting.Name}={setting.Value}"),
            ]).StartedAsync();

        await AssertInForceAsync(server, folder);
    }

    // Each with an effect that a caller can see, or the smallest value that the server accepts.
    private static IEnumerable<(string Name, string Value)> Settings =>
    [
        ("MaxMessageBytes", "2048"),
        ("MaxStreamsPerConnection", "7"),
        ("StreamIdle", "00:00:01"),
        ("WriteQueueLength", "1"),
        ("StoreBusy", "00:00:01"),
        ("MaxStoreMegabytes", "1"),
    ];

    private static async Task AssertInForceAsync(ServerProcess server, TestFolder folder)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        // The shipped settings say localhost, and ports of their own.
        Assert.Matches(@"^http://127\.0\.0\.1:(?!50051$)\d+$", server.Address);
        Assert.Matches(@"^http://127\.0\.0\.1:(?!50080$)\d+$", server.HttpAddress);
        Assert.True(File.Exists(folder.Database));

        // MaxMessageBytes: refused by size, before the rules for a name.
        await Failure.ReasonAsync(StatusCode.ResourceExhausted, () => server.Client.AddUserAsync(new string('a', 2048)));
        // StreamIdle: a chat that stays silent ends.
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: token);
        Assert.Equal("STREAM_IDLE", await Failure.ReasonAsync(StatusCode.DeadlineExceeded, () => chat.ResponseStream.MoveNext(token)));
        // MaxStoreMegabytes: more than fits.
        Assert.Equal("STORE_FULL", await Failure.ReasonAsync(StatusCode.ResourceExhausted, () => FillAsync(server.Client)));
    }

    private static async Task FillAsync(UserService.UserServiceClient client)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> call = client.CreateUsers(cancellationToken: token);
        for (int i = 0; i < 5_000; i++)
        {
            try
            {
                await call.RequestStream.WriteAsync(new() { Name = new string('a', 200), Email = $"{i}@example.com" }, token);
            }
            catch (RpcException)
            {
                // The server ended the call already; its answer says why.
                break;
            }
        }

        await call;
    }
}
