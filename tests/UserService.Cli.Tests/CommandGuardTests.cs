using Grpc.Core;
using Users.Cli.Commands;
using Users.Client.Connection;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests;

public sealed class CommandGuardTests
{
    private static readonly Target Server = new(new Uri("http://example.test:1"), TimeSpan.FromSeconds(2.5), UsersChannel.DefaultKeepAlive);

    [Theory]
    [InlineData(StatusCode.Unavailable, 3, "The server at http://example.test:1 is not available: \\u001B[31mtext\n")]
    [InlineData(StatusCode.DeadlineExceeded, 4, "The server did not answer within 2.5 seconds; --deadline allows more.\n")]
    [InlineData(StatusCode.PermissionDenied, 1, "PERMISSION_DENIED: \\u001B[31mtext\n")]
    [InlineData(StatusCode.Cancelled, 1, "CANCELLED: \\u001B[31mtext\n")]
    public async Task A_failed_call_ends_with_a_sentence(StatusCode code, int exitCode, string sentence)
    {
        var recording = new RecordingScreen();

        Assert.Equal(exitCode, await RunAsync(recording, new RpcException(new Status(code, "\u001b[31mtext"))));
        Assert.Equal(sentence, recording.Error);
    }

    [Fact]
    public async Task A_command_s_own_failure_keeps_its_exit_code_and_its_lines()
    {
        var recording = new RecordingScreen();

        Assert.Equal(17, await RunAsync(recording, new CommandException("A sentence.", 17, "line one", "line\u001btwo")));
        Assert.Equal("A sentence.\nline one\nline\\u001Btwo\n", recording.Error);
    }

    [Fact]
    public async Task What_fails_because_of_an_interruption_is_called_that()
    {
        Exception[] failures =
        [
            new OperationCanceledException(),
            new RpcException(new Status(StatusCode.Cancelled, "")),
            new RpcException(new Status(StatusCode.Unavailable, "our own server got the signal first")),
            new CommandException("The server ended", ExitCodes.NoServer),
        ];
        foreach (Exception failure in failures)
        {
            var recording = new RecordingScreen();

            Assert.Equal(130, await RunInterruptedAsync(recording, failure));
            Assert.Equal("Interrupted.\n", recording.Error);
        }
    }

    [Fact]
    public async Task A_bug_is_not_hidden_by_an_interruption() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => RunInterruptedAsync(new RecordingScreen(), new InvalidOperationException()));

    [Fact]
    public async Task A_command_that_ends_well_keeps_its_exit_code_even_if_the_signal_came_late()
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();

        Assert.Equal(5, await CommandGuard.RunAsync(new RecordingScreen().Screen, Server, () => Task.FromResult(5), interrupted.Token));
    }

    private static Task<int> RunAsync(RecordingScreen recording, Exception failure) =>
        CommandGuard.RunAsync(
            recording.Screen, Server, () => Task.FromException<int>(failure), TestContext.Current.CancellationToken);

    private static async Task<int> RunInterruptedAsync(RecordingScreen recording, Exception failure)
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();
        return await CommandGuard.RunAsync(recording.Screen, Server, () => Task.FromException<int>(failure), interrupted.Token);
    }
}
