using System.Text.Json.Nodes;
using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>The calls that docs/security.md shows to a server in Production: by TLS, with a token, from its reflection.</summary>
[Collection("A server in Production")]
public sealed class SecureCallTests(SecureServer server) : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Calls => [.. DocumentedCalls.Secure.Select(call => call.ToString())];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_answers_what_the_documents_say(string name)
    {
        await Tools.RequireBufAsync();
        DocumentedCall call = DocumentedCalls.Secure.Single(one => one.ToString() == name);
        await File.WriteAllTextAsync(_folder.File("token"), server.Token(), TestContext.Current.CancellationToken);
        File.Copy(server.CaFile, _folder.File("ca.pem"));

        ShellResult result = await Shell.RunAsync(
            DocumentedCall.At(server.Address, call.BufCurl), _folder.Path, $"PATH={Tools.BufFolder}:{Environment.GetEnvironmentVariable("PATH")}");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        if (call.IsList)
        {
            Assert.All(call.Answers, answer => Assert.Contains(answer, result.Output));
        }
        else
        {
            Json.AssertHas(JsonNode.Parse(call.Answers.Single()), Json.ParseMany(result.Output).Single());
        }
    }
}
