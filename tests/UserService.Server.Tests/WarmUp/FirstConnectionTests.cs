using System.Net;
using System.Net.Sockets;
using Users.Server.Hosting;
using Users.Server.Tests.Support;
using Users.Server.WarmUp;

namespace Users.Server.Tests.WarmUp;

/// <summary>Before it says SERVING the server has served a call over a connection, its own.</summary>
public sealed class FirstConnectionTests : IDisposable
{
    private const string On = "--WarmUp:Enabled=true";
    private const string Health = "/grpc.health.v1.Health/Check ended OK";

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    public async Task A_server_has_served_itself_before_anybody_calls(string url)
    {
        Assert.SkipWhen(url.Contains('[') && !Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using RunningServer server = await RunningServer.StartAsync(On, $"--Kestrel:Endpoints:Grpc:Url={url}");

        await server.Log.WaitForAsync(line => line.Text.StartsWith(Health, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, IsRefusal);
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void A_server_that_listens_everywhere_reaches_itself_on_loopback(string listens, string reached) =>
        Assert.Equal(reached, Endpoints.OwnHost(IPAddress.Parse(listens)));

    [Fact]
    public async Task A_server_with_TLS_knows_itself_by_its_certificate()
    {
        await using RunningServer server = await RunningServer.StartAsync([On, .. _authority.Settings]);

        await server.Log.WaitForAsync(line => line.Text.StartsWith(Health, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, IsRefusal);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_client_certificate_starts_without_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            [On, .. _authority.Settings, "--Kestrel:Endpoints:Grpc:ClientCertificateMode=RequireCertificate"]);

        await server.Log.WaitForAsync(IsRefusal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.StartsWith(Health, StringComparison.Ordinal));
    }

    private static bool IsRefusal(LogLine line) => line.Category == typeof(FirstConnection).FullName;
}
