using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Guards;

/// <summary>TLS as Kestrel's configuration sets it up.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Http2_is_agreed_on_in_the_handshake(SslProtocols version)
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.Settings);

        await using SslStream tls = await _authority.ConnectAsync(server.Address, options =>
        {
            options.EnabledSslProtocols = version;
            options.ApplicationProtocols = [SslApplicationProtocol.Http11, SslApplicationProtocol.Http2];
        });

        Assert.Equal((version, SslApplicationProtocol.Http2), (tls.SslProtocol, tls.NegotiatedApplicationProtocol));
    }

    [Fact]
    public async Task A_client_that_speaks_only_HTTP_1_is_refused_in_the_handshake()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.Settings);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using SslStream tls = await _authority.ConnectAsync(
                server.Address, options => options.ApplicationProtocols = [SslApplicationProtocol.Http11]);
            await tls.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal(0, await tls.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
            throw new AuthenticationException("closed");
        });
    }

    [Fact]
    public async Task Calls_go_by_TLS()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.Settings);

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(Connect(server), "ListUsers"));
    }

    [Fact]
    public async Task A_client_certificate_of_the_authority_is_taken()
    {
        await using RunningServer server = await RunningServer.StartAsync([.. _authority.Settings, $"--Security:ClientCaFile={_authority.CaFile}"]);
        using X509Certificate2 certificate = _authority.IssueForClient();

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(Connect(server, certificate), "ListUsers"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("of another authority")]
    [InlineData("for another purpose")]
    public async Task Any_other_client_certificate_is_refused(string kind)
    {
        await using RunningServer server = await RunningServer.StartAsync([.. _authority.Settings, $"--Security:ClientCaFile={_authority.CaFile}"]);
        using var other = new TestAuthority();
        using X509Certificate2? certificate = kind switch
        {
            "none" => null,
            "of another authority" => other.IssueForClient(),
            _ => _authority.IssueForClient(purpose: "1.3.6.1.5.5.7.3.1"),
        };

        Failure failure = await AnyMethod.FailAsync(Connect(server, certificate), "ListUsers");

        Assert.Null(failure.Info);
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.Contains("ListUsers ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cleartext_to_the_TLS_port_is_answered_by_closing()
    {
        await using RunningServer server = await RunningServer.StartAsync(_authority.Settings);
        using var socket = new TcpClient();
        var address = new Uri(server.Address);
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);

        await socket.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private GrpcChannel Connect(RunningServer server, X509Certificate2? certificate = null) => server.Connect(new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { SslOptions = _authority.ClientOptions(certificate) },
        DisposeHttpClient = true,
    });
}
