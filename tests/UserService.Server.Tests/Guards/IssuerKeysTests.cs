using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Users.Server.Guards;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>Tokens of an issuer that publishes its keys, which change while the server runs.</summary>
public sealed class IssuerKeysTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly ManualTime _time = new();
    private readonly TokenIssuer _first = new();
    private readonly TokenIssuer _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_token_of_a_published_key_is_taken_and_one_of_another_issuer_or_key_is_not()
    {
        await using DiscoveredIssuer issuer = await StartIssuerAsync();
        await using RunningServer server = await StartServerAsync(issuer);

        await AssertIsAsync(null, server, issuer.Bearer(_first, "first", _time.GetUtcNow()));
        await AssertIsAsync("TOKEN_INVALID", server, issuer.Bearer(_second, "first", _time.GetUtcNow()));
        await AssertIsAsync("TOKEN_INVALID", server, TokenIssuer.Metadata(_first.Sign(TokenIssuer.Claims(_time.GetUtcNow(), "users.read"), "first")));
    }

    [Fact]
    public async Task A_withdrawn_key_is_refused_after_the_interval_although_its_tokens_were_remembered()
    {
        await using DiscoveredIssuer issuer = await StartIssuerAsync();
        issuer.Publish("second", _second);
        await using RunningServer server = await StartServerAsync(issuer);
        Metadata withdrawn = issuer.Bearer(_first, "first", _time.GetUtcNow());
        Metadata kept = issuer.Bearer(_second, "second", _time.GetUtcNow());
        await AssertIsAsync(null, server, withdrawn);
        await AssertIsAsync(null, server, kept);

        issuer.Withdraw("first");
        await AssertIsAsync(null, server, withdrawn);
        await ReadAgainAsync(server, issuer);

        await AssertIsAsync("TOKEN_INVALID", server, withdrawn);
        await AssertIsAsync(null, server, kept);
    }

    [Fact]
    public async Task A_new_key_is_known_after_the_interval()
    {
        await using DiscoveredIssuer issuer = await StartIssuerAsync();
        await using RunningServer server = await StartServerAsync(issuer);

        issuer.Publish("second", _second);
        await ReadAgainAsync(server, issuer);

        await AssertIsAsync(null, server, issuer.Bearer(_second, "second", _time.GetUtcNow()));
    }

    [Fact]
    public async Task A_token_with_an_unknown_key_makes_the_server_read_the_keys_at_once_but_not_without_end()
    {
        await using DiscoveredIssuer issuer = await StartIssuerAsync();
        await using RunningServer server = await StartServerAsync(issuer);
        issuer.Publish("second", _second);
        Metadata token = issuer.Bearer(_second, "second", _time.GetUtcNow());

        for (int i = 0; i < 10; i++)
        {
            await AssertIsAsync("TOKEN_INVALID", server, token);
        }

        Assert.Equal(1, issuer.Reads);
        await _time.WaitForTimerAsync(IssuerKeys.Shortest);
        _time.Advance(IssuerKeys.Shortest);
        await server.Log.WaitForAsync(line => line.Text.StartsWith("Tokens are judged by 2 keys", StringComparison.Ordinal));
        await AssertIsAsync(null, server, token);
        Assert.Equal(2, issuer.Reads);
    }

    [Fact]
    public async Task Until_the_issuer_answers_the_server_is_not_ready_and_calls_are_to_be_tried_again()
    {
        int port = FreePort();
        var issuer = new DiscoveredIssuer(port);
        issuer.Publish("first", _first);
        await using RunningServer server = await RunningServer.StartAsync(_time, DiscoveredIssuer.SettingsAt($"http://127.0.0.1:{port}"));
        server.Log.Expected = line => line.Category.EndsWith("JwtBearerHandler", StringComparison.Ordinal);
        using var http = new HttpClient();
        await server.Log.WaitForAsync(line => line.Text.StartsWith("The keys of the tokens' issuer cannot be read", StringComparison.Ordinal));

        Failure failure = await AnyMethod.FailAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(_first.Sign(TokenIssuer.Claims(_time.GetUtcNow(), "users.read"))));
        failure.AssertIs(StatusCode.Unavailable, "ISSUER_UNAVAILABLE");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(server.HttpAddress + "/health/ready", TestContext.Current.CancellationToken)).StatusCode);

        await issuer.StartAsync();
        await _time.WaitForTimerAsync(IssuerKeys.Shortest);
        _time.Advance(IssuerKeys.Shortest);
        await server.Log.WaitForAsync(line => line.Text.StartsWith("Tokens are judged by 1 keys", StringComparison.Ordinal));
        await AssertIsAsync(null, server, issuer.Bearer(_first, "first", _time.GetUtcNow()));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(server.HttpAddress + "/health/ready", TestContext.Current.CancellationToken)).StatusCode);
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task Where_the_issuer_goes_its_last_keys_stay()
    {
        DiscoveredIssuer issuer = await StartIssuerAsync();
        await using RunningServer server = await StartServerAsync(issuer);
        Metadata token = issuer.Bearer(_first, "first", _time.GetUtcNow());

        await issuer.DisposeAsync();
        await PassIntervalAsync();
        await server.Log.WaitForAsync(line => line.Text.EndsWith("the last ones stay", StringComparison.Ordinal));

        await AssertIsAsync(null, server, token);
    }

    [Theory]
    [InlineData("scope", "users.read")]
    [InlineData("scp", "chat users.read")]
    [InlineData("scope", new[] { "chat", "users.read" })]
    [InlineData("roles", new[] { "chat", "users.read" })]
    public async Task Permissions_come_in_each_issuers_form(string claim, object grants)
    {
        await using DiscoveredIssuer issuer = await StartIssuerAsync();
        await using RunningServer server = await StartServerAsync(issuer);

        await AssertIsAsync(null, server, issuer.Bearer(_first, "first", _time.GetUtcNow(), claim, grants));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AssertIsAsync(string? reason, RunningServer server, Metadata token)
    {
        if (reason is null)
        {
            Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", token));
        }
        else
        {
            Assert.Equal(reason, (await AnyMethod.FailAsync(server.Connect(), "ListUsers", token)).Reason);
        }
    }

    private async Task<DiscoveredIssuer> StartIssuerAsync()
    {
        var issuer = new DiscoveredIssuer();
        issuer.Publish("first", _first);
        await issuer.StartAsync();
        return issuer;
    }

    private async Task<RunningServer> StartServerAsync(DiscoveredIssuer issuer)
    {
        RunningServer server = await RunningServer.StartAsync(_time, issuer.Settings);
        await server.Log.WaitForAsync(line => line.Text.StartsWith("Tokens are judged by ", StringComparison.Ordinal));
        return server;
    }

    private async Task ReadAgainAsync(RunningServer server, DiscoveredIssuer issuer)
    {
        int changes = Changes();
        Assert.Equal(1, issuer.Reads);
        await PassIntervalAsync();
        await server.Log.WaitForAsync(_ => Changes() > changes);

        int Changes() => server.Log.Lines.Count(line => line.Text.StartsWith("Tokens are judged by ", StringComparison.Ordinal));
    }

    private async Task PassIntervalAsync()
    {
        await _time.WaitForTimerAsync(IssuerKeys.Shortest);
        _time.Advance(IssuerKeys.Shortest);
        await _time.WaitForTimerAsync(Interval - IssuerKeys.Shortest);
        _time.Advance(Interval - IssuerKeys.Shortest);
    }
}
