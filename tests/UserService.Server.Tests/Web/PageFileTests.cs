using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Web;

/// <summary>The page's files over HTTP, and what other pages may do.</summary>
public sealed class PageFileTests
{
    private const string Admin = "https://admin.example.com";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.js", "text/javascript")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task A_file_comes_once_and_may_load_and_run_nothing_of_elsewhere(string path, string type)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(["--Web:Enabled=true", .. issuer.Settings]);

        // Without a token: it is the page that asks for one.
        using HttpResponseMessage first = await SendAsync(server, HttpMethod.Get, path);
        using HttpResponseMessage head = await SendAsync(server, HttpMethod.Head, path);
        using HttpResponseMessage second = await SendAsync(server, HttpMethod.Get, path, headers => headers.IfNoneMatch.Add(first.Headers.ETag!));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, head.StatusCode, second.StatusCode));
        Assert.Equal(type, first.Content.Headers.ContentType!.MediaType);
        string policy = Assert.Single(first.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
    }

    // Somebody on the way could put a script in, which reads the token.
    [Fact]
    public async Task Where_TLS_is_required_a_port_without_it_has_no_page()
    {
        using var authority = new TestAuthority();
        await using RunningServer server = await RunningServer.StartAsync(["--Web:Enabled=true", .. authority.Settings]);

        using HttpResponseMessage page = await SendAsync(server, HttpMethod.Get, "/");

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
    }

    [Theory]
    [InlineData("", Admin, null)]
    [InlineData(Admin, Admin, Admin)]
    [InlineData($"http://localhost:3000 {Admin}", Admin, Admin)]
    [InlineData(Admin, "https://other.example.com", null)]
    public async Task Another_page_may_call_where_its_origin_is_named(string origins, string origin, string? allowed)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Web:Enabled=true", $"--Web:Origins={origins}");

        using HttpResponseMessage preflight = await SendAsync(server, HttpMethod.Options, "/users.v1.UserService/GetUser", headers =>
        {
            headers.Add("Origin", origin);
            headers.Add("Access-Control-Request-Method", "POST");
            headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web,x-user-agent");
        });
        using HttpResponseMessage call = await SendAsync(server, HttpMethod.Post, "/users.v1.UserService/GetUser", headers => headers.Add("Origin", origin), Message());

        Assert.Equal(allowed, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal(allowed is null ? null : "authorization,content-type,x-grpc-web,x-user-agent", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.Null(Header(preflight, "Access-Control-Allow-Credentials"));
        Assert.Equal(allowed, Header(call, "Access-Control-Allow-Origin"));
        Assert.Equal(allowed is null ? null : "grpc-status,grpc-message,grpc-status-details-bin,room-sequence", Header(call, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("admin.example.com")]
    [InlineData("https://admin.example.com/")]
    [InlineData("https://Admin.example.com")]
    [InlineData("https://admin.example.com:443")]
    [InlineData("ftp://admin.example.com")]
    public async Task What_is_no_origin_ends_the_start(string origin)
    {
        OptionsValidationException wrong = await Assert.ThrowsAsync<OptionsValidationException>(
            () => RunningServer.StartAsync("--Web:Enabled=true", $"--Web:Origins={Admin} {origin}"));

        Assert.Equal($"Web:Origins cannot have '{origin}': write each as https://admin.example.com, with its port if it has one.", wrong.Message);
    }

    private static ByteArrayContent Message() =>
        new(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc-web+proto") } };

    private static async Task<HttpResponseMessage> SendAsync(
        RunningServer server, HttpMethod method, string path, Action<HttpRequestHeaders>? with = null, HttpContent? content = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, server.HttpAddress + path) { Content = content };
        with?.Invoke(request.Headers);
        return await http.SendAsync(request, Token);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : null;
}
