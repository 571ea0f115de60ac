using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>
/// Every documented call by a client that knows nothing of the contract: away from the repository, buf has it from the server's
/// reflection.
/// </summary>
public sealed class BufCurlTests(DevelopmentServer server) : IClassFixture<DevelopmentServer>
{
    private static readonly TypeRegistry Details =
        TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, ResourceInfo.Descriptor);

    public static TheoryData<string> Lists => [.. Names(call => call.IsList)];

    public static TheoryData<string> Successes => [.. Names(call => call is { IsList: false, IsEndless: false, Status: StatusCode.OK })];

    public static TheoryData<string> Failures => [.. Names(call => call.Status is not StatusCode.OK)];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_has_what_the_documents_say(string name)
    {
        (DocumentedCall call, ShellResult result) = await RunAsync(name);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // buf lists the methods of every service.
        string prefix = call.Target.Split(' ') is [_, string service] ? service + "/" : "";
        Assert.Equal(
            call.Answers.Select(answer => prefix + answer),
            lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Successes))]
    public async Task A_call_answers_what_the_documents_say(string name)
    {
        (DocumentedCall call, ShellResult result) = await RunAsync(name);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        IReadOnlyList<JsonNode?> answers = Json.ParseMany(result.Output);
        Assert.Equal(call.Answers.Length, answers.Count);
        Assert.All(answers, (answer, index) => Json.AssertHas(JsonNode.Parse(call.Answers[index]), answer));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_call_fails_as_the_documents_say_with_details_that_decode(string name)
    {
        (DocumentedCall call, ShellResult result) = await RunAsync(name);

        // buf's exit code is eight times the status code.
        Assert.Equal((8 * (int)call.Status, ""), (result.ExitCode, result.Output));
        JsonNode error = JsonNode.Parse(result.Error)!;
        Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(call.Status.ToString()), (string?)error["code"]);
        Assert.Equal(call.Details, error["details"]!.AsArray().Select(detail => Decode(detail!)));
    }

    // On a server of its own, since the other tests make these calls, too.
    [Fact]
    public async Task Every_documented_call_is_safe_to_run_twice()
    {
        await Tools.RequireBufAsync();
        using var folder = new TestFolder();
        await using ServerProcess own = await ServerProcess.StartAsync(folder.Database, "ASPNETCORE_ENVIRONMENT=Development");
        foreach (DocumentedCall call in DocumentedCalls.All.Where(call => call is { IsList: false, IsEndless: false, Status: StatusCode.OK }))
        {
            Assert.Equal(0, (await RunAsync(call.BufCurl, own.Address)).ExitCode);

            ShellResult again = await RunAsync(call.BufCurl, own.Address);

            Assert.Equal((call.ToString(), 8 * (int)call.StatusAgain), (call.ToString(), again.ExitCode));
            IReadOnlyList<JsonNode?> answers = Json.ParseMany(again.Output);
            Assert.Equal(call.Again.Length, answers.Count);
            Assert.All(answers, (answer, index) => Json.AssertHas(JsonNode.Parse(call.Again[index]), answer));
        }
    }

    [Fact]
    public async Task A_watch_answers_what_was_said_and_what_is_said_next()
    {
        await Tools.RequireBufAsync();
        using var folder = new TestFolder();
        await using ServerProcess own = await ServerProcess.StartAsync(folder.Database, "ASPNETCORE_ENVIRONMENT=Development");
        DocumentedCall post = DocumentedCalls.All.Single(call => call.Target.EndsWith("/PostMessage", StringComparison.Ordinal));
        DocumentedCall watch = DocumentedCalls.All.Single(call => call.IsEndless);
        Assert.Equal(0, (await RunAsync(post.BufCurl, own.Address)).ExitCode);

        await using ChildProcess watching = watch.Open(own.Address, server.Elsewhere);

        await watching.Output.FirstAsync("\"sequence\": \"1\"");
        Assert.Equal(0, (await RunAsync(post.BufCurl.Replace("3f333df6", "4f333df6", StringComparison.Ordinal), own.Address)).ExitCode);
        await watching.Output.FirstAsync("\"sequence\": \"2\"");
        Assert.False(watching.HasExited);
    }

    private static IMessage Decode(JsonNode detail)
    {
        // Base64 without its padding.
        string value = (string)detail["value"]!;
        return Details.Find((string)detail["type"]!).Parser.ParseFrom(
            Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
    }

    private static IEnumerable<string> Names(Func<DocumentedCall, bool> which) =>
        DocumentedCalls.All.Where(which).Select(call => call.ToString());

    private async Task<(DocumentedCall Call, ShellResult Result)> RunAsync(string name)
    {
        await Tools.RequireBufAsync();
        DocumentedCall call = DocumentedCalls.All.Single(one => one.ToString() == name);
        return (call, await RunAsync(call.BufCurl, server.Address));
    }

    private Task<ShellResult> RunAsync(string line, string address) => Shell.RunAsync(
        DocumentedCall.At(address, line), server.Elsewhere, $"PATH={Tools.BufFolder}:{Environment.GetEnvironmentVariable("PATH")}");
}
