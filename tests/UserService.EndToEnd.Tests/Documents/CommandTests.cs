using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Documents;

/// <summary>Every call and every tour in the documents is one that a test runs.</summary>
public sealed partial class CommandTests
{
    public static TheoryData<string> Documents => [.. Document.All];

    [Fact]
    public void The_README_shows_the_first_call_and_a_chat_and_calls_md_shows_all()
    {
        Assert.Equal([DocumentedCalls.First.Grpcurl, DocumentedCalls.Chat.Grpcurl], Calls("README.md"));
        Assert.Equal(DocumentedCalls.All.Select(call => call.Grpcurl), Calls("docs/calls.md"));

        static IEnumerable<string> Calls(string path) =>
            Document.Read(path).Code.Where(line => line.StartsWith("grpcurl", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_is_one_that_a_test_runs(string path)
    {
        string[] known =
        [
            .. DocumentedCalls.All.Concat(DocumentedCalls.Secure).Append(DocumentedCalls.Chat).SelectMany(call => (string[])[call.Grpcurl, call.BufCurl]),
            // Of two replicas, the second one.
            .. DocumentedCalls.All.Select(call => call.Grpcurl.Replace(":50051 ", ":50052 ", StringComparison.Ordinal)),
            .. ClientCommand.Tours.Select(tour => tour.Line),
        ];

        Assert.Empty(Document.Read(path).Commands(Command()).Except(known));
    }

    [Fact]
    public void Every_tour_that_is_tested_is_in_the_documents()
    {
        IEnumerable<string> shown = Document.All.SelectMany(path => Document.Read(path).Commands(Command()));

        Assert.Empty(ClientCommand.Tours.Select(tour => tour.Line).Except(shown));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_path_of_the_repository_in_a_command_is_there(string path)
    {
        IEnumerable<string> paths = Document.Read(path).Commands(AnyCommand())
            .SelectMany(command => Repositorys().Matches(command)).Select(match => match.Value.TrimEnd('/'));

        Assert.DoesNotContain(paths, named => !Path.Exists(Repository.File(named)));
    }

    [Theory]
    [InlineData("    grpcurl -plaintext \\\n      localhost:50051 list   # all")]
    [InlineData("```console\nUSERS_ADDRESS=http://there:1 grpcurl\n```")]
    [InlineData("```\ncat ids | grpcurl -d @ x\n```")]
    [InlineData("    dotnet run --project src/UserService.Client -- --ca x")]
    [InlineData("    buf curl --list-methods")]
    [InlineData("| `get ID` | `buf curl x` | reads `users.db` by `grpcurl` |")]
    public void A_command_is_found_wherever_it_stands(string text) =>
        Assert.DoesNotContain('#', Assert.Single(new Document("README.md", text).Commands(Command())));

    // At the start of the line or behind another command, with variables before it or not.
    [GeneratedRegex(@"(^|[|;&]\s*)(\w+=\S+\s+)*(grpcurl|buf curl|dotnet run --project src/UserService\.Client)( |$)")]
    private static partial Regex Command();

    [GeneratedRegex(@"^(\w+=\S+\s+)*(dotnet|git)( |$)")]
    private static partial Regex AnyCommand();

    [GeneratedRegex(@"(?<=[ =]|^)(src|tests|docs|eng|proto|benchmarks)(/[\w./-]+)?(?= |$)")]
    private static partial Regex Repositorys();
}
