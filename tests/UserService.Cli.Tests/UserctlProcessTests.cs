using System.Diagnostics;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>The tool as a user runs it: a process with pipes and signals.</summary>
public sealed class UserctlProcessTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_import_reads_standard_input()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => Answer.Ok(new CreateUsersResponse { UserCount = call.Users.Count }), readsWhole: true);
        using Process tool = UserctlProcess.Start(server.Address, "import", "-", "--format", "csv");
        await tool.StandardInput.WriteAsync("name,email\nZoë,z@x");
        tool.StandardInput.Close();

        string output = await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1 created, 0 already there, 0 refused, 0 bad lines.\n", output);
        Assert.Equal("Zoë", server.Calls.Single().Users.Single().Name);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_import_that_waits_for_standard_input_can_be_interrupted()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => Answer.Ok(new CreateUsersResponse { UserCount = call.Users.Count }), readsWhole: true);
        using Process tool = UserctlProcess.Start(server.Address, "import", "-", "--format", "csv");
        // The tool prints a bad line when it reads it, so from then on the tool waits for more.
        await tool.StandardInput.WriteAsync("name,email\nragged\n");
        await tool.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("line 2 has", await tool.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        UserctlProcess.Signal(tool, 2);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, tool.ExitCode);
        Assert.Equal("Interrupted.\n", await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_export_to_standard_output_is_the_data_and_nothing_else()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Messages([new User { Id = "1", Name = "Zoë" }]));
        using Process tool = UserctlProcess.Start(server.Address, "export", "--format", "csv");

        string output = await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExportTests.Header + "1,Zoë,,,,\n", output);
        Assert.Equal(ExitCodes.Success, tool.ExitCode);
    }
}
