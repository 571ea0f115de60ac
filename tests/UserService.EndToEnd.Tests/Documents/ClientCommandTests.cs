using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>The clients' command lines in the documents, each run by a shell.</summary>
public sealed partial class ClientCommandTests(SecureServer server) : IClassFixture<SecureServer>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_command_does_what_the_documents_say()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, "ASPNETCORE_ENVIRONMENT=Development");
        await File.WriteAllTextAsync(
            _folder.File("people.csv"), "name,email\nHedy Lamarr,hedy@example.com\n", TestContext.Current.CancellationToken);
        foreach (ClientCommand command in ClientCommand.All.Where(command => !command.IsSecure))
        {
            string line = RunProject().Replace(command.Line, "tour");
            line = Address().Replace(line, server.Address);
            line = PlaceOfId().Replace(line, "01900000-0000-7000-8000-000000000004");

            ShellResult result = await RunAsync(line, server.Address);

            Assert.Equal((command.Line, 0, ""), (command.Line, result.ExitCode, result.Error));
            Assert.Contains(command.Output, result.Output);
        }
    }

    [Fact]
    public async Task Every_command_for_a_server_in_Production_does_what_the_documents_say()
    {
        await File.WriteAllTextAsync(_folder.File("token"), server.Token(), TestContext.Current.CancellationToken);
        File.Copy(server.CaFile, _folder.File("ca.pem"));
        foreach (ClientCommand command in ClientCommand.All.Where(command => command.IsSecure))
        {
            ShellResult result = await RunAsync(
                command.Line.Replace("https://users.example:50051", server.Address, StringComparison.Ordinal));

            Assert.Equal((command.Line, 0, ""), (command.Line, result.ExitCode, result.Error));
            Assert.Contains(command.Output, result.Output);
        }
    }

    [Fact]
    public async Task The_completion_for_bash_completes()
    {
        IReadOnlyList<string> code = Document.Read("docs/userctl.md").Code;
        IEnumerable<string> completion = code.SkipWhile(line => line is not "_userctl() {").TakeWhile(line => line is not "");
        Assert.Contains("complete -F _userctl userctl", completion);

        ShellResult result = await RunAsync(string.Join('\n', [.. completion, "COMP_LINE='userctl exp' _userctl", "echo \"${COMPREPLY[@]}\""]));

        Assert.Equal((0, "export\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    private Task<ShellResult> RunAsync(string lines, string address = "")
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string programs = $"tour() {{ '{dotnet}' '{ChildProcess.Program("UserService.Client")}' \"$@\"; }}\n"
            + $"userctl() {{ '{dotnet}' '{ClientProcess.Dll}' \"$@\"; }}";
        return Shell.RunAsync($"bash <<'END'\n{programs}\n{lines}\nEND", _folder.Path, $"USERS_ADDRESS={address}");
    }

    [GeneratedRegex(@"dotnet run --project src/UserService\.Client( --(?= |$))?")]
    private static partial Regex RunProject();

    [GeneratedRegex(@"http://(localhost|127\.0\.0\.1):\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<= )ID$")]
    private static partial Regex PlaceOfId();
}
