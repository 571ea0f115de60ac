using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>Every call and every command of the client in the documents is one that a test runs.</summary>
public sealed partial class CommandTests(DevelopmentServer server) : IClassFixture<DevelopmentServer>
{
    public static TheoryData<string> Documents => [.. Document.All];

    [Fact]
    public void The_README_shows_every_call_and_no_other()
    {
        IEnumerable<string> lines = Document.Read("README.md").Code.Where(line => line.StartsWith("grpcurl", StringComparison.Ordinal));

        Assert.Equal([DocumentedCalls.First.Grpcurl, .. DocumentedCalls.All.Select(call => call.Grpcurl)], lines);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_is_one_that_a_test_runs(string path)
    {
        string[] known =
        [
            .. DocumentedCalls.All.SelectMany(call => (string[])[call.Grpcurl, call.BufCurl]),
            .. ClientCommand.All.Select(command => command.Line),
        ];

        Assert.Empty(Document.Read(path).Code.Where(line => Command().IsMatch(line)).Except(known));
    }

    [Fact]
    public async Task Every_command_of_the_client_does_what_the_documents_say()
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string users = $"users() {{ '{dotnet}' '{ChildProcess.Program("UserService.Client")}' \"$@\"; }}";
        foreach (ClientCommand command in ClientCommand.All)
        {
            ShellResult result = await Shell.RunAsync(
                $"{users}\n{Address().Replace(RunProject().Replace(command.Line, "users"), server.Address)}",
                server.Elsewhere,
                $"USERS_ADDRESS={server.Address}");

            Assert.Equal((command.Line, command.ExitCode, ""), (command.Line, result.ExitCode, result.Error));
            Assert.Contains(command.Output, result.Output);
        }
    }

    [Fact]
    public void Every_command_that_is_tested_is_in_the_documents()
    {
        IEnumerable<string> shown = Document.All.SelectMany(path => Document.Read(path).Code);

        Assert.Empty(ClientCommand.All.Select(command => command.Line).Except(shown));
    }

    [Theory]
    [InlineData("    grpcurl -plaintext \\\n      localhost:50051 list   # all")]
    [InlineData("```console\nUSERS_ADDRESS=http://there:1 grpcurl\n```")]
    [InlineData("```\ncat people.csv | users import -\n```")]
    [InlineData("    dotnet run --project src/UserService.Client -- get")]
    [InlineData("    buf curl --list-methods")]
    public void A_command_is_found_wherever_it_stands(string text) =>
        Assert.Single(new Document("README.md", text).Code, line => Command().IsMatch(line) && !line.Contains('#'));

    // At the start of the line or behind another command, with variables before it or not.
    [GeneratedRegex(@"(^|[|;&]\s*)(\w+=\S+\s+)*(grpcurl|buf curl|users|dotnet run --project src/UserService\.Client)( |$)")]
    private static partial Regex Command();

    [GeneratedRegex(@"dotnet run --project src/UserService\.Client( --(?= |$))?")]
    private static partial Regex RunProject();

    [GeneratedRegex(@"http://(localhost|127\.0\.0\.1):\d+")]
    private static partial Regex Address();
}
