using System.Net;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>Kestrel's limits of what a request's headers may hold, as docs/security.md states them.</summary>
public sealed class HeaderLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // HTTP/2 brings four headers of its own, HTTP/1.1 the host; the size counts names and values, and per header a little more.
    [Theory]
    [InlineData(2, 90, 100, true)]
    [InlineData(2, 101, 10, false)]
    [InlineData(2, 4, 7_500, true)]
    [InlineData(2, 5, 7_500, false)]
    [InlineData(1, 90, 100, true)]
    [InlineData(1, 101, 10, false)]
    [InlineData(1, 4, 7_500, true)]
    [InlineData(1, 5, 7_500, false)]
    public async Task A_hundred_headers_and_32_kibibytes_are_taken_and_no_more(int version, int count, int length, bool isTaken)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{(version == 1 ? server.HttpAddress : server.Address)}/health/live")
        {
            Version = new Version(version, version % 2),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (int i = 0; i < count; i++)
        {
            request.Headers.Add($"x-{i:000}", new string('x', length));
        }

        HttpStatusCode? status = null;
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, Token);
            Leaks.AssertNone(await Leaks.ReadAsync(response));
            status = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The connection was closed over it.
        }

        Assert.True(isTaken ? status is HttpStatusCode.OK : status is null or HttpStatusCode.RequestHeaderFieldsTooLarge, $"{status}");
        await server.AddUserAsync();
    }
}
