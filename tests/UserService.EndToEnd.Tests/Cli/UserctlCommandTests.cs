using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Documents;
using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Cli;

/// <summary>The command lines in the documents that start userctl: each is listed, and each listed one is run by a shell.</summary>
[Collection("A server in Production")]
public sealed partial class UserctlCommandTests(SecureServer server) : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_documents_show_the_tested_commands_and_no_other()
    {
        IEnumerable<string> shown = Document.All.SelectMany(path => Document.Read(path).Commands(Command()));

        Assert.Equal(UserctlCommand.All.Select(command => command.Line).Order(), shown.Distinct().Order());
    }

    [Fact]
    public async Task Every_command_does_what_the_documents_say()
    {
        await using ServerProcess development = await ServerProcess.StartAsync(_folder.Database, "ASPNETCORE_ENVIRONMENT=Development");
        await File.WriteAllTextAsync(_folder.File("people.csv"), "name,email\nHedy Lamarr,hedy@example.com\n", Token);
        foreach (UserctlCommand command in UserctlCommand.All.Where(command => !command.IsSecure))
        {
            string line = PlaceOfId().Replace(command.Line, "01900000-0000-7000-8000-000000000004");
            await AssertDoesAsync(command, PlaceOfPort().Replace(line, $"{new Uri(development.Address).Port}"), development.Address);
        }
    }

    [Fact]
    public async Task Every_command_for_a_server_in_Production_does_what_the_documents_say()
    {
        await File.WriteAllTextAsync(_folder.File("token"), server.Token(), Token);
        File.Copy(server.CaFile, _folder.File("ca.pem"));
        foreach (UserctlCommand command in UserctlCommand.All.Where(command => command.IsSecure))
        {
            await AssertDoesAsync(command, command.Line.Replace("https://users.example:50051", server.Address, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("userctl exp", "exp", "export")]
    [InlineData("userctl list --l", "--l", "--limit")]
    // Nothing but a file fits, so bash completes its name.
    [InlineData("userctl import peo", "peo", "")]
    [InlineData("userctl import ", "", "")]
    public async Task The_completion_for_bash_offers_what_fits(string line, string word, string offered)
    {
        IReadOnlyList<string> code = Document.Read("docs/userctl.md").Code;
        IEnumerable<string> completion = code.SkipWhile(row => row is not "_userctl() {").TakeWhile(row => row is not "");
        Assert.Contains(completion, row => row.StartsWith("complete -o default -F _userctl userctl", StringComparison.Ordinal));

        ShellResult result = await RunAsync(string.Join('\n', [
            .. completion, $"COMP_LINE='{line}' COMP_POINT={line.Length}", $"_userctl userctl '{word}'", "echo \"${COMPREPLY[@]}\""]));

        Assert.Equal((0, $"{offered}\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    private async Task AssertDoesAsync(UserctlCommand command, string line, string address = "")
    {
        ShellResult result = await RunAsync(line, address);

        Assert.Equal((command.Line, 0, ""), (command.Line, result.ExitCode, result.Error));
        Assert.Contains(command.Output, result.Output);
    }

    private Task<ShellResult> RunAsync(string lines, string address = "")
    {
        string userctl = $"userctl() {{ '{ChildProcess.DotnetHost}' '{UserctlProcess.Dll}' \"$@\"; }}";
        return Shell.RunAsync($"bash <<'END'\n{userctl}\n{lines}\nEND", _folder.Path, $"USERS_ADDRESS={address}");
    }

    // At the start of the line or behind another command, with variables before it or not.
    [GeneratedRegex(@"(^|[|;&]\s*)(\w+=\S+\s+)*userctl ")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<=[ ,/](127\.0\.0\.1|localhost):)\d+")]
    private static partial Regex PlaceOfPort();

    [GeneratedRegex(@"(?<= )ID$")]
    private static partial Regex PlaceOfId();
}
