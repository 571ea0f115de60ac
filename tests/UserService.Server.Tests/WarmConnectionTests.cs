using Users.Server.Hosting;
using Users.Server.Tests.Support;

namespace Users.Server.Tests;

/// <summary>Before it says SERVING the server has served a call over a connection, its own.</summary>
public sealed class WarmConnectionTests : IDisposable
{
    private const string Health = "/grpc.health.v1.Health/Check ended OK";

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    public async Task A_server_has_served_itself_before_anybody_calls(string url)
    {
        await using RunningServer server = await RunningServer.StartAsync($"--Kestrel:Endpoints:Grpc:Url={url}");

        await server.Log.WaitForAsync(line => line.Text.StartsWith(Health, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, IsRefusal);
    }

    [Fact]
    public async Task A_server_with_TLS_knows_itself_by_its_certificate()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.Settings);

        await server.Log.WaitForAsync(line => line.Text.StartsWith(Health, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, IsRefusal);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_client_certificate_starts_without_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            [.. _authority.Settings, "--Kestrel:Endpoints:Grpc:ClientCertificateMode=RequireCertificate"]);

        await server.Log.WaitForAsync(IsRefusal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.StartsWith(Health, StringComparison.Ordinal));
    }

    private static bool IsRefusal(LogLine line) => line.Category == typeof(WarmConnection).FullName;
}
