using System.Diagnostics;
using Users.Client.Server;

namespace Users.Client.Tests;

/// <summary>The child here is a shell that behaves as the test says; the real server is the end-to-end tests' part.</summary>
public sealed class ChildServerTests
{
    private const string Listens = "echo 'info: Users.Server[1]'; echo '      Grpc listening on http://127.0.0.1:4711 (HTTP/2)';";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 60_000)]
    public async Task The_address_is_the_one_that_the_server_says()
    {
        await using ChildServer server = await StartAsync($"{Listens} exec sleep 600", Limit);

        Assert.Equal(new Uri("http://127.0.0.1:4711"), server.Address);
    }

    [Fact(Timeout = 60_000)]
    public async Task Disposing_asks_the_server_to_stop_and_waits_until_it_has()
    {
        string farewell = Path.GetTempFileName();
        ChildServer server = await StartAsync($"trap 'echo bye > {farewell}; exit 0' TERM; {Listens} while :; do sleep 0.05; done", Limit);
        int processId = server.ProcessId;

        await server.DisposeAsync();

        Assert.Equal("bye\n", await File.ReadAllTextAsync(farewell, TestContext.Current.CancellationToken));
        Assert.False(IsRunning(processId));
        File.Delete(farewell);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_does_not_stop_is_killed()
    {
        ChildServer server = await StartAsync($"trap '' TERM; {Listens} while :; do sleep 0.05; done", Limit, stopLimit: TimeSpan.FromSeconds(0.2));
        int processId = server.ProcessId;

        await server.DisposeAsync();

        Assert.False(IsRunning(processId));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_has_already_ended_is_no_trouble()
    {
        ChildServer server = await StartAsync($"{Listens} sleep 0.1", Limit);
        await WaitUntilGoneAsync(server.ProcessId);

        await server.DisposeAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_ends_before_it_listens_is_quoted()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(
            () => StartAsync("echo starting; echo 'The database is in use.' >&2; exit 7", Limit));

        Assert.Equal("The server ended with exit code 7 before it listened; its last lines follow.", failure.Message);
        Assert.Equal(["The database is in use.", "starting"], failure.Details.Order(StringComparer.Ordinal));
        Assert.Equal(ExitCodes.NoServer, failure.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_its_last_lines_are_quoted()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(() => StartAsync("seq 1 1000; exit 1", Limit));

        Assert.Equal(Enumerable.Range(981, 20).Select(number => $"{number}"), failure.Details);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_never_listens_is_given_up_and_ended()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(
            () => StartAsync("echo $$; exec sleep 600", TimeSpan.FromSeconds(1)));

        Assert.Equal("The server did not listen within 1 seconds; its last lines follow.", failure.Message);
        Assert.False(IsRunning(int.Parse(failure.Details.Single(), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancelling_the_start_ends_the_server()
    {
        string announced = Path.GetTempFileName();
        using var cancellation = new CancellationTokenSource();
        Task<ChildServer> starting = ChildServer.StartAsync(Shell($"echo $$ > {announced}; exec sleep 600"), Limit, cancellation.Token);
        string processId = await ReadWhenWrittenAsync(announced);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.False(IsRunning(int.Parse(processId, System.Globalization.CultureInfo.InvariantCulture)));
        File.Delete(announced);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_talkative_server_is_never_held_up_by_a_full_pipe()
    {
        string done = Path.GetTempFileName();
        await using ChildServer server = await StartAsync($"{Listens} seq 1 200000; echo done > {done}; exec sleep 600", Limit);

        Assert.Equal("done\n", await ReadWhenWrittenAsync(done));
        File.Delete(done);
    }

    private static Task<ChildServer> StartAsync(string script, TimeSpan limit, TimeSpan? stopLimit = null) =>
        ChildServer.StartAsync(Shell(script), limit, TestContext.Current.CancellationToken, stopLimit);

    private static ProcessStartInfo Shell(string script) => new("/bin/sh", ["-c", script]);

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task WaitUntilGoneAsync(int processId)
    {
        while (IsRunning(processId))
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<string> ReadWhenWrittenAsync(string file)
    {
        while (true)
        {
            string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            if (text.EndsWith('\n'))
            {
                return text;
            }
        }
    }
}
