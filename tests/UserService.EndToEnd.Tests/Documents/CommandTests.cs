using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Foreign;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>Every call and every command of the client in the documents is one that a test runs.</summary>
public sealed partial class CommandTests
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

        Assert.Empty(Commands(Document.Read(path)).Except(known));
    }

    [Fact]
    public void Every_command_that_is_tested_is_in_the_documents()
    {
        IEnumerable<string> shown = Document.All.SelectMany(path => Commands(Document.Read(path)));

        Assert.Empty(ClientCommand.All.Select(command => command.Line).Except(shown));
    }

    [Theory]
    [InlineData("    grpcurl -plaintext \\\n      localhost:50051 list   # all")]
    [InlineData("```console\nUSERS_ADDRESS=http://there:1 grpcurl\n```")]
    [InlineData("```\ncat people.csv | userctl import -\n```")]
    [InlineData("    dotnet run --project src/UserService.Client -- --ca x")]
    [InlineData("    buf curl --list-methods")]
    [InlineData("| `get ID` | `userctl get 1` | reads `users.db` of `userctl` |")]
    public void A_command_is_found_wherever_it_stands(string text) =>
        Assert.DoesNotContain('#', Assert.Single(Commands(new Document("README.md", text))));

    // Within a sentence, a program's name alone is a mention of it.
    private static IEnumerable<string> Commands(Document document) =>
    [
        .. document.Code.Where(line => Command().IsMatch(line)),
        .. document.InlineCode.Where(span => Command().IsMatch(span) && span is not ("grpcurl" or "buf curl" or "userctl")),
    ];

    // At the start of the line or behind another command, with variables before it or not.
    [GeneratedRegex(@"(^|[|;&]\s*)(\w+=\S+\s+)*(grpcurl|buf curl|userctl|dotnet run --project src/UserService\.Client)( |$)")]
    private static partial Regex Command();
}
