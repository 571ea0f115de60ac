using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Rest;

/// <summary>A call in JSON passes the guards that one in gRPC passes.</summary>
public sealed class RestGuardTests
{
    private const string User = "/v1/users/00000000-0000-4000-8000-000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_token_or_its_permission_a_call_is_refused()
    {
        using var issuer = new TokenIssuer();
        await using RestServer rest = await RestServer.StartAsync(issuer.Settings);
        string reader = issuer.Bearer(TimeProvider.System.GetUtcNow(), "users.read").GetValue("authorization")!;

        using HttpResponseMessage missing = await rest.SendAsync("GET", User);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (missing.StatusCode, $"{Assert.Single(missing.Headers.WwwAuthenticate)}"));
        Assert.Equal("TOKEN_MISSING", RestServer.ReasonOf(JsonNode.Parse(await missing.Content.ReadAsStringAsync(Token))!));
        await AssertIsAsync(rest.CallAsync("GET", User, token: "Bearer nonsense"), 401, "TOKEN_INVALID");
        await AssertIsAsync(rest.CallAsync("DELETE", User, token: reader), 403, "SCOPE_MISSING");
        await AssertIsAsync(rest.CallAsync("POST", "/v1/rooms/lobby/messages", "{}", reader), 403, "SCOPE_MISSING");
        await AssertIsAsync(rest.CallAsync("GET", "/v1/rooms/lobby:watch", token: reader), 403, "SCOPE_MISSING");
        await AssertIsAsync(rest.CallAsync("GET", User, token: reader), 404, "USER_NOT_FOUND");
    }

    [Fact]
    public async Task A_caller_that_calls_too_often_is_told_when_to_come_back()
    {
        await using RestServer rest = await RestServer.StartAsync("--RateLimits:CallerCallsPerSecond=1");
        HttpResponseMessage response;
        do
        {
            response = await rest.SendAsync("GET", User);
        }
        while (response.StatusCode is HttpStatusCode.NotFound);

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (response.StatusCode, Assert.Single(response.Headers.GetValues("Retry-After"))));
        Assert.Equal("RATE_LIMITED", RestServer.ReasonOf(JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!));
        response.Dispose();
    }

    [Fact]
    public async Task Open_streams_are_counted()
    {
        await using RestServer rest = await RestServer.StartAsync("--RateLimits:CallerStreams=1");
        using StreamReader watch = await rest.OpenAsync("/v1/rooms/lobby:watch");

        await AssertIsAsync(rest.CallAsync("GET", "/v1/users"), 429, "TOO_MANY_STREAMS");
        await AssertIsAsync(rest.CallAsync("GET", User), 404, "USER_NOT_FOUND");
    }

    [Fact]
    public async Task Where_TLS_is_required_the_cleartext_port_answers_the_probes_alone()
    {
        using var authority = new TestAuthority();
        await using RestServer rest = await RestServer.StartAsync([.. authority.Settings]);

        using HttpResponseMessage call = await rest.SendAsync("GET", User);
        using HttpResponseMessage probe = await rest.SendAsync("GET", "/health/ready");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (call.StatusCode, probe.StatusCode));
    }

    [Fact]
    public async Task A_body_over_the_limit_of_a_message_is_not_read()
    {
        await using RestServer rest = await RestServer.StartAsync("--Limits:MaxMessageBytes=1024");
        string json = $$"""{"name": "{{new string('x', 2_000)}}"}""";

        (int status, JsonNode body) = await rest.CallAsync("POST", "/v1/users", json);
        Assert.Equal((413, 8), (status, (int)body["code"]!));

        // One whose length the server does not know beforehand.
        using var client = new TcpClient();
        var http = new Uri(rest.Server.HttpAddress);
        await client.ConnectAsync(http.Host, http.Port, Token);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{json.Length:x}\r\n{json}\r\n0\r\n\r\n"),
            Token);
        using var answer = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 400 Bad Request", await answer.ReadLineAsync(Token));
    }

    // HTTP/1.1 has no stream to reset: without an abort the server would wait for the reader to the end of its time.
    [Fact]
    public async Task A_reader_that_is_stalled_does_not_hold_up_the_shutdown()
    {
        await using RestServer rest = await RestServer.StartAsync("--Limits:StreamGrace=00:00:01", "--Limits:ShutdownTimeout=01:00:00");
        await rest.Server.FillAsync(20_000);
        using var client = new TcpClient { ReceiveBufferSize = 4_096 };
        var http = new Uri(rest.Server.HttpAddress);
        await client.ConnectAsync(http.Host, http.Port, Token);
        await client.GetStream().WriteAsync("GET /v1/users HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Token);
        Assert.Equal(1, await client.GetStream().ReadAsync(new byte[1], Token));

        await rest.Server.StopAsync().WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    private static async Task AssertIsAsync(Task<(int Status, JsonNode Body)> call, int status, string reason)
    {
        (int answered, JsonNode body) = await call;
        Assert.Equal((status, reason), (answered, RestServer.ReasonOf(body)));
    }
}
