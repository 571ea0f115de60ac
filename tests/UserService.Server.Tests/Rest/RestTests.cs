using System.Net;
using System.Text.Json.Nodes;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Rest;

/// <summary>The calls as HTTP with JSON: what they answer, and how they fail.</summary>
public sealed class RestTests
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_is_created_read_changed_and_deleted()
    {
        await using RestServer rest = await RestServer.StartAsync();

        (int created, JsonNode ada) = await rest.CallAsync("POST", "/v1/users", """{"name": "Ada", "email": "ada@example.com", "request_id": "0a000000-0000-4000-8000-00000000000a"}""");
        string path = $"/v1/users/{ada["id"]}";
        (int read, JsonNode same) = await rest.CallAsync("GET", path);
        (int changed, JsonNode renamed) = await rest.CallAsync("PATCH", path, $$"""{"name": "Countess", "etag": "{{ada["etag"]}}"}""");
        (int masked, JsonNode moved) = await rest.CallAsync("PATCH", path, """{"name": "ignored", "email": "countess@example.com", "updateMask": "email"}""");
        (int deleted, JsonNode nothing) = await rest.CallAsync("DELETE", $"{path}?etag={moved["etag"]}");

        Assert.Equal([200, 200, 200, 200, 200], [created, read, changed, masked, deleted]);
        Assert.Equal($"{ada}", $"{same}");
        Assert.Equal(("Countess", "ada@example.com"), ((string?)renamed["name"], (string?)renamed["email"]));
        Assert.Equal(("Countess", "countess@example.com"), ((string?)moved["name"], (string?)moved["email"]));
        Assert.Equal("{}", nothing.ToJsonString());
        Assert.Equal(404, (await rest.CallAsync("GET", path)).Status);
    }

    [Fact]
    public async Task A_list_comes_in_lines()
    {
        await using RestServer rest = await RestServer.StartAsync();
        await rest.Server.FillAsync(1_000);

        using StreamReader all = await rest.OpenAsync("/v1/users");
        string[] ids = [.. Lines(await all.ReadToEndAsync(Token)).Select(line => (string)line["id"]!)];
        using StreamReader some = await rest.OpenAsync($"/v1/users?page_size=2&afterId={ids[7]}");

        Assert.Equal((1_000, 1_000), (ids.Length, ids.Distinct().Count()));
        Assert.Equal(ids[8..10], Lines(await some.ReadToEndAsync(Token)).Select(line => (string)line["id"]!));
    }

    [Theory]
    [InlineData("lobby")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a/b%2Fc")]
    [InlineData("100 %: ä?#+&")]
    public async Task A_room_of_any_name_is_spoken_in_and_watched(string room)
    {
        await using RestServer rest = await RestServer.StartAsync();
        User ada = await rest.Server.AddUserAsync("Ada");
        string path = $"/v1/rooms/{Uri.EscapeDataString(room)}";
        using StreamReader watch = await rest.OpenAsync($"{path}:watch?after_sequence=0");

        (int status, JsonNode posted) = await rest.CallAsync("POST", $"{path}/messages", $$"""{"user_id": "{{ada.Id}}", "message": "hello"}""");

        Assert.Equal((200, room, "1"), (status, (string?)posted["room"], (string?)posted["sequence"]));
        Assert.Equal($"{posted}", $"{JsonNode.Parse((await watch.ReadLineAsync(Token))!)}");
    }

    [Fact]
    public async Task A_watch_says_at_once_where_it_begins()
    {
        await using RestServer rest = await RestServer.StartAsync();
        User ada = await rest.Server.AddUserAsync("Ada");
        await rest.Server.Rooms.PostMessageAsync(new() { UserId = ada.Id, Message = "hello" }, cancellationToken: Token);

        using HttpResponseMessage watch = await rest.SendAsync("GET", "/v1/rooms/lobby:watch");

        Assert.Equal("1", Assert.Single(watch.Headers.GetValues("room-sequence")));
    }

    public static TheoryData<string, string, string?, int, string> Errors => new()
    {
        { "GET", "/v1/users/42", null, 400, "INVALID_FIELDS" },
        { "GET", $"/v1/users/{Nobody}", null, 404, "USER_NOT_FOUND" },
        { "POST", "/v1/users", """{"name": "Eve", "email": "ADA@example.com"}""", 409, "EMAIL_TAKEN" },
        { "POST", "/v1/users", "{}", 400, "INVALID_FIELDS" },
        { "PATCH", "/v1/users/{ada}", """{"name": "Eve", "etag": "stale"}""", 409, "ETAG_MISMATCH" },
        { "DELETE", "/v1/users/{ada}?etag=stale", null, 409, "ETAG_MISMATCH" },
        { "GET", "/v1/users?page_size=-1", null, 400, "INVALID_FIELDS" },
        { "GET", "/v1/rooms/lobby:watch?after_sequence=7", null, 400, "SEQUENCE_AHEAD" },
        { "POST", "/v1/rooms/lobby/messages", $$"""{"user_id": "{{Nobody}}", "message": "hello"}""", 404, "USER_NOT_FOUND" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_error_is_the_status_of_gRPC_in_JSON(string method, string path, string? json, int http, string reason)
    {
        await using RestServer rest = await RestServer.StartAsync();
        User ada = await rest.Server.Client.CreateUserAsync(new() { Name = "Ada", Email = "ada@example.com" }, cancellationToken: Token);

        (int status, JsonNode body) = await rest.CallAsync(method, path.Replace("{ada}", ada.Id, StringComparison.Ordinal), json);

        Assert.Equal((http, reason), (status, RestServer.ReasonOf(body)));
        string code = ((Grpc.Core.StatusCode)(int)body["code"]!).ToString();
        await rest.Server.Log.WaitForAsync(line => line.Text.StartsWith("/v1/", StringComparison.Ordinal) && line.Text.Contains($" ended {code} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_fields_that_are_wrong_are_told_one_by_one()
    {
        await using RestServer rest = await RestServer.StartAsync();

        (_, JsonNode body) = await rest.CallAsync("POST", "/v1/users", """{"email": "ada"}""");

        JsonNode violations = body["details"]!.AsArray().Single(detail => $"{detail!["@type"]}".EndsWith("BadRequest", StringComparison.Ordinal))!["fieldViolations"]!;
        Assert.Equal(["name", "email"], violations.AsArray().Select(violation => (string)violation!["field"]!));
    }

    [Fact]
    public async Task A_stream_that_the_server_ends_says_why_in_its_last_line()
    {
        await using RestServer rest = await RestServer.StartAsync();
        using StreamReader watch = await rest.OpenAsync("/v1/rooms/lobby:watch?after_sequence=0");

        Task stopped = rest.Server.StopAsync();

        Assert.Equal("SHUTTING_DOWN", RestServer.ReasonOf(JsonNode.Parse(await watch.ReadToEndAsync(Token))!));
        await stopped;
    }

    [Fact]
    public async Task A_caller_that_hangs_up_leaves_nothing_behind()
    {
        await using RestServer rest = await RestServer.StartAsync();
        using (await rest.OpenAsync("/v1/rooms/lobby:watch"))
        {
            Assert.Equal(1, rest.Server.Store.Chat.SubscriberCount);
        }

        await rest.Server.Log.WaitForAsync(line => line.Text.StartsWith("/v1/rooms/lobby:watch ended Cancelled ", StringComparison.Ordinal));
        Assert.Equal(0, rest.Server.Store.Chat.RoomCount);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"name": 7}""")]
    [InlineData("""{"name": "\uD800"}""")]
    public async Task A_body_that_is_no_message_is_the_callers_fault(string json)
    {
        await using RestServer rest = await RestServer.StartAsync();

        Assert.Equal(400, (await rest.CallAsync("POST", "/v1/users", json)).Status);
        await rest.Server.Log.WaitForAsync(line => line.Text.StartsWith("/v1/users ended InvalidArgument ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_of_Development_it_is_off()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.HttpAddress) };

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/users", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", Token)).StatusCode);
    }

    private static IEnumerable<JsonNode> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
}
