using Users.Cli.Commands;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests;

/// <summary>What the tool says of itself: help, and how a command line may go on.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("im", "import")]
    [InlineData("import --f", "--format")]
    [InlineData("export --format ", "csv\nndjson")]
    [InlineData("list --after x --l", "--limit")]
    public async Task A_shell_can_ask_how_a_command_line_may_go_on(string line, string suggestions) =>
        Assert.Equal(suggestions, (await RunAsync($"[suggest:{line.Length}]", line)).ReplaceLineEndings("\n").TrimEnd());

    [Fact]
    public async Task Help_lists_the_commands_and_the_options()
    {
        string help = await RunAsync("--help");

        Assert.All(
            ["get", "create", "update", "delete", "list", "import", "export", "chat", "--json", "--address", "--deadline", "USERS_ADDRESS"],
            word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    private static async Task<string> RunAsync(params string[] args)
    {
        using var output = new StringWriter();

        Assert.Equal(ExitCodes.Success, await UserctlCommandLine.RunAsync(
            args, new RecordingScreen().Screen, _ => null, TestContext.Current.CancellationToken, output));

        return output.ToString();
    }
}
