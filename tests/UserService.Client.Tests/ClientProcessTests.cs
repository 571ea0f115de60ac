using System.Diagnostics;
using System.Runtime.InteropServices;
using Grpc.Core;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Client.Tests;

/// <summary>The client as a user runs it: a process with pipes and signals.</summary>
public sealed class ClientProcessTests
{
    [Fact(Timeout = 60_000)]
    public async Task Output_to_a_pipe_has_no_escape_sequences_even_where_the_environment_asks_for_colours()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Method == "GetUser" ? Answer.Failure(StatusCode.NotFound, "\u001b[31m", "USER_NOT_FOUND") : Answer.Ok(new User { Id = "x" }));
        using Process client = ClientProcess.Start(server.Address);
        client.StandardInput.Close();

        string output = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("1. Unary: create\n", output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, client.ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1, 129)]
    [InlineData(2, 130)]
    [InlineData(3, 131)]
    [InlineData(15, 143)]
    public async Task A_signal_interrupts_with_a_sentence_and_the_exit_code_that_shells_expect(int signal, int exitCode)
    {
        var called = new TaskCompletionSource();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ =>
        {
            called.TrySetResult();
            return Answer.Never;
        });
        using Process client = ClientProcess.Start(server.Address);
        await called.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, SendSignal(client.Id, signal));
        string error = await client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Interrupted.\n", error);
        Assert.Equal(exitCode, client.ExitCode);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
