using System.Text.Json.Nodes;
using Users.EndToEnd.Tests.Documents;
using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Rest;

/// <summary>Every curl line of the documents, in its order, against a server as the README starts it.</summary>
public sealed class CurlTests
{
    private const string Ada = "01900000-0000-7000-8000-000000000001";

    // The first words of a line, which tell it from the others, and what its answer has: a line of it for each answer.
    private static readonly (string Line, string[] Answers)[] Calls =
    [
        ($"curl localhost:50080/v1/users/{Ada}", [$$"""{"id": "{{Ada}}", "name": "Ada Lovelace", "email": "ada@example.com"}"""]),
        ("curl -H 'content-type: application/json' -d '{\"name\": \"Katherine", ["""{"name": "Katherine Johnson", "email": "katherine@example.com"}"""]),
        ("curl -X PATCH", ["""{"name": "Alan M. Turing", "email": "alan@example.com"}"""]),
        ("curl -X DELETE", ["{}"]),
        ("curl 'localhost:50080/v1/users?page_size=2", ["""{"name": "Grace Hopper"}""", """{"name": "Edsger Dijkstra"}"""]),
        ("curl -H 'content-type: application/json' -d '{\"user_id\":", ["""{"room": "lobby", "sequence": "1", "message": "Hello"}"""]),
        ("curl -N", ["""{"room": "lobby", "sequence": "1", "message": "Hello"}"""]),
        ("curl -H 'content-type: application/json' -d '{\"email\": \"ada\"}'", ["""{"code": 3, "details": [{"reason": "INVALID_FIELDS"}, {"fieldViolations": [{"field": "name"}, {"field": "email"}]}]}"""]),
        ("curl localhost:50080/v1/users/01900000-0000-7000-8000-000000000099", ["""{"code": 5, "details": [{"reason": "USER_NOT_FOUND"}, {"resourceType": "users.v1.User"}]}"""]),
    ];

    [Fact]
    public async Task Every_line_answers_what_it_should()
    {
        await Tools.RequireAsync("command -v curl", "curl (apt-get install curl)");
        using var folder = new TestFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Database, "ASPNETCORE_ENVIRONMENT=Development");
        string[] lines = [.. Lines("docs/rest.md")];
        Assert.Equal(Calls.Length, lines.Length);

        foreach ((string line, (string start, string[] answers)) in lines.Zip(Calls))
        {
            Assert.StartsWith(start, line, StringComparison.Ordinal);
            string here = line.Replace("localhost:50080", new Uri(server.HttpAddress).Authority, StringComparison.Ordinal);

            // Some answer until their caller ends them.
            await using var curl = ChildProcess.Of("bash", "-c", $"exec {here.Insert("curl".Length, " -sS")}");
            for (int i = 0; i < answers.Length; i++)
            {
                string answer = i + 1 == answers.Length && !line.Contains(" -N ", StringComparison.Ordinal)
                    ? await EndAsync(curl)
                    : await curl.Output.FirstAsync("{");
                Json.AssertHas(JsonNode.Parse(answers[i]), JsonNode.Parse(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]));
            }
        }
    }

    [Fact]
    public void A_line_of_the_README_is_one_of_these() => Assert.Empty(Lines("README.md").Except(Lines("docs/rest.md")));

    private static IEnumerable<string> Lines(string path) =>
        Document.Read(path).Code.Where(line => line.StartsWith("curl", StringComparison.Ordinal));

    private static async Task<string> EndAsync(ChildProcess curl)
    {
        Assert.Equal(0, await curl.EndAsync());
        return $"{curl.Output}";
    }
}
