using System.Net.Sockets;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>The README's first command, as a process and into a pipe.</summary>
public sealed class TourTests(SharedServer shared) : IDisposable
{
    internal static readonly string[] AllSteps =
    [
        "CreateUser OK",
        "GetUser OK",
        "UpdateUser OK",
        "DeleteUser OK",
        "ListUsers OK",
        "CreateUsers OK",
        "ChatUsers OK",
        "CreateUser INVALID_ARGUMENT (INVALID_FIELDS)",
        "GetUser NOT_FOUND (USER_NOT_FOUND)",
        "CreateUser ALREADY_EXISTS (EMAIL_TAKEN)",
        "UpdateUser ABORTED (ETAG_MISMATCH)",
        "ChatUsers DEADLINE_EXCEEDED",
        "ListUsers CANCELLED",
    ];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_server_the_tour_starts_one_and_leaves_nothing_behind()
    {
        SkipIfTheDefaultAddressIsTaken();
        await using var tour = new TourProcess();

        int exitCode = await tour.Process.EndAsync();

        Assert.Equal((0, ""), (exitCode, tour.Process.Error.ToString()));
        Assert.Equal(AllSteps, tour.Steps);
        Assert.Contains("10000", tour.Process.Output.ToString());
        AssertIsPlain(tour);
        await tour.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Against_a_running_server_the_tour_can_be_repeated()
    {
        // Alone, so that the tour's first users are this one and its own.
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        // Among the first of the list, so the tour shows it; to Spectre.Console this would be markup.
        await server.Client.AddUserAsync("[red]Ruby[/] [not closed");

        for (int time = 1; time <= 2; time++)
        {
            await using var tour = new TourProcess("--address", server.Address);
            int exitCode = await tour.Process.EndAsync();

            Assert.Equal((0, ""), (exitCode, tour.Process.Error.ToString()));
            Assert.Equal(AllSteps, tour.Steps);
            Assert.Contains("[red]Ruby[/] [not closed", tour.Process.Output.ToString());
            Assert.DoesNotContain("started its own", tour.Process.Output.ToString());
            Assert.Empty(tour.ServerFolders);
            Assert.Contains("100 users in ", tour.Process.Output.ToString());
            Assert.Matches("The 10[0-9] users that the tour left in this server are deleted", tour.Process.Output.ToString());
            AssertIsPlain(tour);
        }

        // Nobody but Ruby is left.
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Single(await list.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task With_nobody_at_the_named_address_the_tour_says_so()
    {
        using Socket nobody = Ports.Hold();
        string address = $"http://127.0.0.1:{Ports.Number(nobody)}";

        await AssertRefusesAsync(address, $"No server answers at {address}");
    }

    [Fact]
    public async Task With_another_protocol_at_the_named_address_the_tour_says_so()
    {
        string address = shared.Server.HttpAddress;

        await AssertRefusesAsync(address, $"The server at {address} speaks HTTP/1.1");
    }

    [Fact]
    public async Task A_server_that_is_killed_in_mid_tour_ends_the_tour()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        await using var tour = new TourProcess("--address", server.Address);
        await tour.Process.Output.FirstAsync("users.v1.UserService/CreateUsers");

        await server.Process.KillAsync();

        Assert.Equal(3, await tour.Process.EndAsync());
        // The upload itself, or the next step, which connects anew, tells it.
        Assert.Contains(Assert.Single(tour.Process.Error.All), new[]
        {
            $"The server at {server.Address} is not available: the connection broke.",
            $"The server at {server.Address} is not available: nobody listens there; start one, or name another with --address.",
        });
    }

    [Theory]
    [LongFormData(ChildProcess.SigInt, "started its own at")]
    [InlineData(ChildProcess.SigInt, "users.v1.UserService/CreateUsers")]
    [LongFormData(ChildProcess.SigInt, "Failure: deadline")]
    [LongFormData(ChildProcess.SigTerm, "users.v1.UserService/CreateUsers")]
    public async Task A_tour_that_is_interrupted_leaves_nothing_behind(int signal, string line)
    {
        SkipIfTheDefaultAddressIsTaken();
        await using var tour = new TourProcess();
        await tour.Process.Output.FirstAsync(line);
        // What must be gone afterwards is there now.
        Assert.Single(tour.ServerFolders);
        System.Diagnostics.Process.GetProcessById(await tour.ServerIdAsync()).Dispose();

        tour.Process.Signal(signal);

        Assert.Equal(128 + signal, await tour.Process.EndAsync());
        Assert.Equal("Interrupted.", Assert.Single(tour.Process.Error.All));
        await tour.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_tour_that_is_interrupted_while_its_server_starts_leaves_nothing_behind()
    {
        SkipIfTheDefaultAddressIsTaken();
        var starts = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var tour = new TourProcess();
        using var watcher = new FileSystemWatcher(tour.TemporaryFolder, "*.lock") { IncludeSubdirectories = true };
        watcher.Created += (_, _) => starts.TrySetResult();
        watcher.EnableRaisingEvents = true;
        // The server is about to open its database.
        await starts.Task.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);

        tour.Process.Signal(ChildProcess.SigInt);

        Assert.Equal(130, await tour.Process.EndAsync());
        Assert.Empty(tour.ServerFolders);
        Assert.Empty(ProcessesThatKnow(tour.TemporaryFolder));
    }

    private static async Task AssertRefusesAsync(string address, string expected)
    {
        await using var tour = new TourProcess("--address", address);

        Assert.Equal(3, await tour.Process.EndAsync());
        Assert.StartsWith(expected, Assert.Single(tour.Process.Error.All));
        Assert.Empty(tour.Process.Output.All);
    }

    private static void AssertIsPlain(TourProcess tour) =>
        Assert.DoesNotContain(tour.Process.Output.ToString(), character => char.IsControl(character) && character is not '\n');

    // The tour would take it for its server, as it should.
    private static void SkipIfTheDefaultAddressIsTaken()
    {
        using var socket = new TcpClient();
        try
        {
            socket.Connect("localhost", 50051);
        }
        catch (SocketException)
        {
            return;
        }

        Assert.Skip("Somebody serves localhost:50051.");
    }

    // The tour's server inherits the tour's environment, and so the name of its folder.
    private static IEnumerable<string> ProcessesThatKnow(string folder) => Directory.Exists("/proc")
        ? Directory.GetDirectories("/proc").Where(process => Environment(process).Contains(folder, StringComparison.Ordinal))
        : [];

    private static string Environment(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
