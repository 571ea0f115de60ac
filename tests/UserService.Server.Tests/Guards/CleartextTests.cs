using System.Net;
using Microsoft.AspNetCore.Builder;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>Where TLS is required, a port without it tells of the health and of nothing else.</summary>
public sealed class CleartextTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("/beside")]
    [InlineData("/Beside/")]
    [InlineData("/%62eside")]
    [InlineData("//beside")]
    [InlineData("/health/../beside")]
    [InlineData("/beside?/health/live")]
    [InlineData("/health/beside")]
    [InlineData("/nowhere")]
    [InlineData("/users.v1.UserService/GetUser")]
    public async Task It_answers_nothing_else_whatever_is_mapped(string path)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(Map, null, [.. _authority.Settings, "--ForwardedHeaders_Enabled=true", .. issuer.Settings]);
        using var http = new HttpClient();
        // A proxy's word about the way to itself does not count.
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        http.DefaultRequestHeaders.Authorization = new("Bearer", issuer.Sign(TokenIssuer.Claims(DateTimeOffset.UtcNow, "users.read users.write chat")));

        using HttpResponseMessage response = await http.GetAsync(
            new Uri(server.HttpAddress + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("reached", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.HttpAddress + "/health/live"), Token));
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.HttpAddress + "/HEALTH/ready/"), Token));
    }

    [Fact]
    public async Task By_TLS_what_is_mapped_is_answered()
    {
        await using RunningServer server = await RunningServer.StartMappedAsync(Map, null, _authority.Settings);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = _authority.ClientOptions(null) });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "/beside")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using HttpResponseMessage response = await http.SendAsync(request, Token);

        Assert.Equal("reached", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Switched_off_by_name_it_answers_what_is_open()
    {
        await using RunningServer server = await RunningServer.StartMappedAsync(Map, null, "--Security:RequireTls=false");
        using var http = new HttpClient();

        Assert.Equal("reached", await http.GetStringAsync(new Uri(server.HttpAddress + "/beside"), Token));
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/beside", () => "reached").AllowAnonymous();
        app.MapGet("/health/beside", () => "reached").AllowAnonymous();
    }
}
