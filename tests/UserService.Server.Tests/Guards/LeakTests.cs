using System.Net;
using System.Text;
using Grpc.Core;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>
/// What is no call of ours, or no call at all. Failed calls are searched wherever a test provokes one, by <see cref="Failure"/> and
/// <see cref="RawCall"/>; here is what passes by both.
/// </summary>
public sealed class LeakTests
{
    private static readonly Dictionary<string, (string Method, int Version, bool ToGrpc, string Path, string? ContentType)> Requests = new()
    {
        ["another content type"] = ("POST", 2, true, "/users.v1.UserService/GetUser", "application/json"),
        ["no content type"] = ("POST", 2, true, "/users.v1.UserService/GetUser", null),
        ["another kind of gRPC"] = ("POST", 2, true, "/users.v1.UserService/GetUser", "application/grpc-web"),
        ["another method of HTTP"] = ("GET", 2, true, "/users.v1.UserService/GetUser", null),
        ["OPTIONS"] = ("OPTIONS", 2, true, "/users.v1.UserService/GetUser", null),
        ["DELETE"] = ("DELETE", 2, true, "/users.v1.UserService/GetUser", "application/grpc"),
        ["an unknown path"] = ("GET", 2, true, "/nowhere", null),
        ["an unknown path for gRPC"] = ("POST", 2, true, "/nowhere", "application/grpc"),
        ["a path up"] = ("GET", 1, false, "/..%2f..%2fappsettings.json", null),
        ["the settings"] = ("GET", 1, false, "/appsettings.json", null),
        ["an unknown path of HTTP/1.1"] = ("GET", 1, false, "/health", null),
        ["gRPC to the HTTP port"] = ("POST", 1, false, "/users.v1.UserService/GetUser", "application/grpc"),
        ["reflection at the HTTP port"] = ("POST", 1, false, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "application/grpc"),
        ["a post to a probe"] = ("POST", 1, false, "/health/live", "application/grpc"),
        ["HTTP/2 to the HTTP port"] = ("GET", 2, false, "/health/live", null),
        ["HTTP/1.1 to the gRPC port"] = ("GET", 1, true, "/health/live", null),
    };

    public static TheoryData<string> Names => [.. Requests.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_request_that_is_no_call_is_told_nothing_of_the_server(string name)
    {
        using var issuer = new TokenIssuer();
        (string method, int version, bool toGrpc, string path, string? contentType) = Requests[name];
        foreach (bool hasToken in (bool[])[false, true])
        {
            await using RunningServer server = await RunningServer.StartAsync(hasToken ? issuer.Settings : []);
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(new HttpMethod(method), (toGrpc ? server.Address : server.HttpAddress) + path)
            {
                Version = new Version(version, version % 2),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = contentType is null ? null : new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new(contentType) } },
            };
            request.Headers.Add("authorization", $"Bearer {issuer.Sign(TokenIssuer.Claims(DateTimeOffset.UtcNow, "users.read"))}");

            try
            {
                using HttpResponseMessage response = await http.SendAsync(request, Token);
                string answer = await Leaks.ReadAsync(response);
                Leaks.AssertNone(answer);
                Assert.False(response.Headers.Contains("Server"), answer);
                Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
            }
            catch (HttpRequestException)
            {
                // The two do not speak the same HTTP; what the server says then, the next test reads.
            }
        }
    }

    [Theory]
    [InlineData(true, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData(true, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")]
    [InlineData(true, "PRI * HTTP/2.0\r\n\r\nnonsense")]
    [InlineData(false, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData(false, "nonsense\r\n\r\n")]
    [InlineData(false, "GET /health/live HTTP/1.1\r\n\r\n")]
    [InlineData(false, "GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData(false, "GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")]
    [InlineData(false, "POST /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n")]
    public async Task A_connection_in_another_protocol_is_told_nothing_of_the_server(bool toGrpc, string words)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string heard = await RawConnection.SendAsync(toGrpc ? server.Address : server.HttpAddress, Encoding.Latin1.GetBytes(words), isEnd: true);

        Leaks.AssertNone(heard);
        Assert.DoesNotContain("Server:", heard, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("grpc.health.v1.Health/Check", "nobody")]
    [InlineData("grpc.health.v1.Health/Watch", "\u00ff")]
    [InlineData("grpc.health.v1.Health/Nope", "")]
    [InlineData("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "\u00ff")]
    [InlineData("users.v1.UserService/Nope", "")]
    [InlineData("users.v1.Nope/GetUser", "")]
    [InlineData("a%0a/b", "")]
    public async Task A_misused_call_is_told_nothing_of_the_server(string path, string message)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = RawCall.IsLibrarys;
        using var http = new HttpClient();
        byte[] bytes = message == "nobody" ? [10, 6, .. "nobody"u8] : Encoding.Latin1.GetBytes(message);

        (StatusCode code, _) = await RawCall.PostAsync(http, server, path, [0, 0, 0, 0, (byte)bytes.Length, .. bytes]);

        Assert.NotEqual(StatusCode.OK, code);
    }

    // A path is a caller's text: a line break in it would forge a line of the log.
    [Fact]
    public async Task A_path_is_logged_on_one_line_and_not_all_of_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var http = new HttpClient();

        await RawCall.PostAsync(http, server, $"users.v1.UserService/%0A%1B[31mforged{new string('x', 1_000)}", [0, 0, 0, 0, 0]);

        LogLine line = await server.Log.WaitForAsync(line =>
            line.Text.Contains("forged", StringComparison.Ordinal) && line.Text.Contains(" ended ", StringComparison.Ordinal));
        Assert.DoesNotContain(line.Text, char.IsControl);
        Assert.InRange(line.Text.Length, 1, 400);
    }

    [Theory]
    [InlineData("   at Users.Server.Program.Main()")]
    [InlineData("System.InvalidOperationException: no")]
    [InlineData("Exception was thrown by handler. InvalidOperationException")]
    [InlineData("authorization: Bearer eyJhbGciOiJFUzI1NiJ9.e30.x")]
    public void What_leaks_is_found(string answer) => Assert.ThrowsAny<Exception>(() => Leaks.AssertNone(answer));
}
