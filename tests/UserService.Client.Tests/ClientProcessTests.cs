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

    [Fact(Timeout = 60_000)]
    public async Task An_import_reads_standard_input()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => Answer.Ok(new CreateUsersResponse { UserCount = call.Users.Count }), readsWhole: true);
        using Process client = ClientProcess.Start(server.Address, "import", "-", "--format", "csv");
        await client.StandardInput.WriteAsync("name,email\nZoë,z@x");
        client.StandardInput.Close();

        string output = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1 created, 0 already there, 0 refused, 0 bad lines.\n", output);
        Assert.Equal("Zoë", server.Calls.Single().Users.Single().Name);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_import_that_waits_for_standard_input_can_be_interrupted()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => Answer.Ok(new CreateUsersResponse { UserCount = call.Users.Count }), readsWhole: true);
        using Process client = ClientProcess.Start(server.Address, "import", "-", "--format", "csv");
        // A bad line is told when it is read, so from then on the client waits for more.
        await client.StandardInput.WriteAsync("name,email\nragged\n");
        await client.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("line 2 has", await client.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(0, SendSignal(client.Id, 2));
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, client.ExitCode);
        Assert.Equal("Interrupted.\n", await client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_export_to_standard_output_is_the_data_and_nothing_else()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Messages([new User { Id = "1", Name = "Zoë" }]));
        using Process client = ClientProcess.Start(server.Address, "export", "--format", "csv");

        string output = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("id,name,email,create_time,update_time,etag\n1,Zoë,,,,\n", output);
        Assert.Equal(ExitCodes.Success, client.ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("im", "import")]
    [InlineData("import --f", "--format")]
    [InlineData("export --format ", "csv\nndjson")]
    [InlineData("list --after x --l", "--limit")]
    public async Task A_shell_can_ask_how_a_command_line_may_go_on(string line, string suggestions)
    {
        using Process client = ClientProcess.Start(new Uri("http://127.0.0.1:1"), $"[suggest:{line.Length}]", line);

        string output = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(suggestions, output.TrimEnd());
    }

    [Fact(Timeout = 60_000)]
    public async Task Help_lists_the_commands_and_the_options()
    {
        using Process client = ClientProcess.Start(new Uri("http://127.0.0.1:1"), "--help");

        string output = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.All(["tour", "get", "create", "update", "delete", "list", "import", "export", "--json", "--address", "--deadline", "USERS_ADDRESS"], word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Success, client.ExitCode);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
