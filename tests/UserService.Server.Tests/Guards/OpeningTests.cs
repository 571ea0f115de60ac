using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Users.Server.Guards;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>What somebody maps beside the service is refused until it is opened by name, whatever its callers speak.</summary>
public sealed class OpeningTests
{
    private const string Everything = "users.read users.write chat";
    private const string Reached = "reached";

    // Some ways to write a path that routing takes for one, or for none.
    private static readonly string[] Spellings = ["/beside", "/BESIDE", "/beside/", "//beside", "/%62eside", "/./beside", "/beside?x=/health/live"];

    public static TheoryData<string, string> Beside =>
    [
        .. from environment in (string[])["Production", "Development"]
           from path in Spellings
           select (environment, path),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Beside))]
    public async Task A_bare_route_is_refused(string environment, string path)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(MapBeside, null, [$"--environment={environment}", .. issuer.Settings]);

        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            (HttpStatusCode anonymous, string asked) = await SendAsync(server.HttpAddress + path, method, null);
            (HttpStatusCode known, string refused) = await SendAsync(server.HttpAddress + path, method, issuer);

            Assert.Equal(HttpStatusCode.Unauthorized, anonymous);
            Assert.Contains("TOKEN_MISSING", asked, StringComparison.Ordinal);
            Assert.Contains(known, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.NotFound]);
            Assert.DoesNotContain(Reached, asked + refused, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_no_token_is_asked_for_it_is_refused_too_and_the_log_says_how_to_open_it()
    {
        await using RunningServer server = await RunningServer.StartMappedAsync(MapBeside, null, "--environment=Development");

        (HttpStatusCode status, string answer) = await SendAsync(server.HttpAddress + "/beside", HttpMethod.Get, null);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.DoesNotContain(Reached, answer, StringComparison.Ordinal);
        LogLine line = await server.Log.WaitForAsync(line => line.Category == typeof(AuthorizationAnswer).FullName);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("/beside", line.Text, StringComparison.Ordinal);
        Assert.Contains(".RequireAuthorization(\"a permission\") or .AllowAnonymous()", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_nothing_is_mapped_to_is_not_found()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync();
        await using RunningServer secure = await RunningServer.StartAsync(issuer.Settings);

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(server.HttpAddress + "/nowhere", HttpMethod.Get, null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(secure.HttpAddress + "/nowhere", HttpMethod.Get, issuer)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(secure.HttpAddress + "/nowhere", HttpMethod.Get, null)).Status);
    }

    [Fact]
    public async Task A_middleware_that_answers_at_the_end_of_the_chain_is_not_reached()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(
            app => app.Run(context => context.Response.WriteAsync(Reached, Token)), null, issuer.Settings);

        (HttpStatusCode status, string answer) = await SendAsync(server.HttpAddress + "/anything", HttpMethod.Get, issuer);

        Assert.Equal((HttpStatusCode.NotFound, ""), (status, answer));
    }

    [Fact]
    public async Task A_route_that_names_a_permission_is_open_to_its_holders()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(
            app =>
            {
                app.MapGet("/beside", () => Reached).RequireAuthorization(Permissions.Read);
                app.MapGet("/other", () => Reached).RequireAuthorization("chat");
            },
            null,
            issuer.Settings);

        Assert.Equal(Reached, (await SendAsync(server.HttpAddress + "/beside", HttpMethod.Get, issuer, "users.read")).Text);
        (HttpStatusCode status, string answer) = await SendAsync(server.HttpAddress + "/other", HttpMethod.Get, issuer, "users.read");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("SCOPE_MISSING", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server.HttpAddress + "/beside", HttpMethod.Get, null)).Status);
    }

    [Fact]
    public async Task A_route_that_is_opened_by_name_is_open_to_all()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(
            app => app.MapGet("/beside", () => Reached).AllowAnonymous(), null, issuer.Settings);

        Assert.Equal(Reached, (await SendAsync(server.HttpAddress + "/beside", HttpMethod.Get, null)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_service_is_refused_whatever_its_callers_token_grants(bool inTheGroup)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(
            app => (inTheGroup ? app.MapGroup("").RequirePermissions() : app.MapGroup("")).MapGrpcService<OtherService>(), null, issuer.Settings);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), OtherService.Method, issuer.Bearer(DateTimeOffset.UtcNow, Everything));

        failure.AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
        (await AnyMethod.FailAsync(server.Connect(), OtherService.Method)).AssertIs(StatusCode.Unauthenticated, "TOKEN_MISSING");
        await server.Log.WaitForAsync(line => line.Text.Contains("orders.v1.Orders/Ask, so it is refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_service_is_refused_where_no_token_is_asked_for()
    {
        await using RunningServer server = await RunningServer.StartMappedAsync(app => app.MapGrpcService<OtherService>(), null, "--environment=Development");

        (await AnyMethod.FailAsync(server.Connect(), OtherService.Method)).AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
    }

    [Fact]
    public async Task A_second_service_that_is_opened_by_name_is_open()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartMappedAsync(
            app => app.MapGrpcService<OtherService>().AllowAnonymous(), null, issuer.Settings);

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), OtherService.Method));
    }

    // Without the middleware that speaks it: what matters is that the method is not reached, and that the answer tells such a caller why.
    [Theory]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/grpc-web-text")]
    [InlineData("APPLICATION/GRPC")]
    public async Task A_call_by_another_kind_of_gRPC_is_refused_in_its_own_terms(string contentType)
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);
        foreach (string path in (string[])["/users.v1.UserService/GetUser", "/USERS.V1.userservice/getuser", "/users.v1.UserService/GetUser/"])
        {
            using HttpResponseMessage response = await PostAsync(server.Address + path, contentType);

            Assert.Equal("16", Assert.Single(response.Headers.GetValues("grpc-status")));
            Assert.Equal(contentType, $"{response.Content.Headers.ContentType}");
        }
    }

    [Fact]
    public async Task A_JSON_call_of_a_method_is_refused_in_HTTP()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(issuer.Settings);

        using HttpResponseMessage response = await PostAsync(server.Address + "/users.v1.UserService/GetUser", "application/json");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", $"{Assert.Single(response.Headers.WwwAuthenticate)}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("TOKEN_MISSING", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    private static void MapBeside(WebApplication app) => app.MapMethods("/beside", ["GET", "POST"], () => Reached);

    private static async Task<HttpResponseMessage> PostAsync(string url, string contentType)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        HttpResponseMessage response = await http.SendAsync(request, Token);
        Leaks.AssertNone(await Leaks.ReadAsync(response));
        return response;
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(
        string url, HttpMethod method, TokenIssuer? issuer, string scope = Everything)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (issuer is not null)
        {
            request.Headers.Authorization = new("Bearer", issuer.Sign(TokenIssuer.Claims(DateTimeOffset.UtcNow, scope)));
        }

        using HttpResponseMessage response = await http.SendAsync(request, Token);
        Leaks.AssertNone(await Leaks.ReadAsync(response));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
