using System.Net;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>The two ports: plain probes over HTTP/1.1, gRPC over HTTP/2 alone.</summary>
public sealed class ProbeTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_probe_is_answered_over_HTTP_1(string path)
    {
        using var http = new HttpClient();

        using HttpResponseMessage answer = await http.GetAsync(shared.Server.HttpAddress + path, Token);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (answer.StatusCode, answer.Version));
        Assert.Equal("Healthy", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task The_gRPC_port_speaks_HTTP_2_only()
    {
        using var http = new HttpClient();

        using var old = new HttpRequestMessage(HttpMethod.Get, shared.Server.Address + "/health/live")
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage refusal = await http.SendAsync(old, Token);
        using var current = new HttpRequestMessage(HttpMethod.Get, shared.Server.Address + "/health/live")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage answer = await http.SendAsync(current, Token);

        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Equal(HttpVersion.Version20, answer.Version);
    }
}
