using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Users.Cli.Tests.Support;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>A peer that is there and is no gRPC server in cleartext or TLS, as the address says it is.</summary>
public sealed class TransportFaultTests
{
    [Theory]
    [InlineData("get", "x")]
    [InlineData("list")]
    public async Task Nobody(params string[] command)
    {
        using var nobody = new FreePort();
        string address = nobody.Address.OriginalString;

        await TellsAsync(nobody.Address, $"The server at {address} is not available: nobody listens there; start one, or name another with --address.", command);
    }

    [Fact]
    public Task A_name_that_does_not_resolve() => TellsAsync(
        new Uri("http://no-such-host.invalid:50051"), "The name no-such-host.invalid does not resolve; name another server with --address.");

    [Fact]
    public async Task HTTP_1_in_cleartext()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), HttpProtocols.Http1);

        await TellsAsync(server.Address, $"The server at {server.Address.OriginalString} speaks HTTP/1.1, or something else that is not HTTP/2; name its gRPC port with --address.");
    }

    [Fact]
    public async Task TLS_asked_of_a_cleartext_port()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));
        Uri address = In("https", server);

        await TellsAsync(address, $"The server at {address.OriginalString} does not speak TLS; write http:// instead of https://.");
    }

    [Fact]
    public async Task TLS_asked_of_HTTP_1_in_cleartext()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), HttpProtocols.Http1);
        Uri address = In("https", server);

        await TellsAsync(address, $"The server at {address.OriginalString} does not speak TLS; write http:// instead of https://.");
    }

    [Theory]
    [InlineData(HttpProtocols.Http2)]
    [InlineData(HttpProtocols.Http1)]
    public async Task Cleartext_asked_of_a_TLS_port(HttpProtocols protocols)
    {
        using X509Certificate2 certificate = SelfMade.Certificate();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), protocols, certificate: certificate);
        Uri address = In("http", server);

        await TellsAsync(address, $"The server at {address.OriginalString} speaks TLS; write https:// instead of http://.");
    }

    [Fact]
    public async Task Without_a_scheme_the_option_decides()
    {
        using X509Certificate2 certificate = SelfMade.Certificate();
        await using ScriptedServer secure = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), certificate: certificate);
        await using ScriptedServer open = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));

        Userctl.Ending[] endings =
        [
            await Userctl.RunAsync(secure.Address.Authority, "get", "x"),
            await Userctl.RunAsync(open.Address.Authority, "get", "x", "--tls"),
            await Userctl.RunAsync($"{open.Address.Authority},{open.Address.Authority}", "get", "x", "--tls"),
        ];

        Assert.Equal(
            [
                $"The server at {secure.Address.Authority} speaks TLS; add --tls.\n",
                $"The server at {open.Address.Authority} does not speak TLS; leave --tls out.\n",
                $"The server at {open.Address.Authority} does not speak TLS; leave --tls out.\n",
            ],
            endings.Select(ending => ending.Error));
        Assert.All(endings, ending => Assert.Equal(ExitCodes.NoServer, ending.ExitCode));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for()
    {
        using X509Certificate2 certificate = SelfMade.Certificate();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), certificate: certificate);
        Uri address = In("https", server);

        await TellsAsync(
            address,
            $"The certificate of {address.OriginalString} is not trusted here; name its authority with --ca FILE, or run dotnet dev-certs"
            + " https --trust if it is a development certificate.");
    }

    [Fact]
    public async Task A_certificate_that_the_file_vouches_for()
    {
        using X509Certificate2 certificate = SelfMade.Certificate();
        using var ca = new TestFile("ca.pem", certificate.ExportCertificatePem());
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Id = "x" }), certificate: certificate);
        Uri address = In("https", server);

        Userctl.Ending[] endings =
        [
            await Userctl.RunAsync(address, "get", "x", "--ca", ca.Path),
            await Userctl.RunAsync(name => name == "USERS_CA" ? ca.Path : null, address, "get", "x"),
        ];

        Assert.All(endings, ending => Assert.Equal((0, ""), (ending.ExitCode, ending.Error)));
    }

    [Fact]
    public async Task A_certificate_that_the_file_does_not_vouch_for()
    {
        using X509Certificate2 certificate = SelfMade.Certificate();
        using X509Certificate2 other = SelfMade.Certificate();
        using var ca = new TestFile("ca.pem", other.ExportCertificatePem());
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), certificate: certificate);
        Uri address = In("https", server);

        await TellsAsync(
            address, $"The certificate of {address.OriginalString} is of no authority in {ca.Path}; name another file with --ca.", "get", "x", "--ca", ca.Path);
    }

    [Theory]
    [InlineData("127.0.0.2", 1, "is for another name than 127.0.0.1; write one that it names.")]
    [InlineData("127.0.0.1", -0.5, "has expired or is not valid yet; its operator has to renew it.")]
    public async Task A_certificate_of_the_authority_that_is_not_the_right_one(string name, double days, string fault)
    {
        using X509Certificate2 certificate = SelfMade.Certificate(name, days);
        using var ca = new TestFile("ca.pem", certificate.ExportCertificatePem());
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), certificate: certificate);
        Uri address = In("https", server);

        await TellsAsync(address, $"The certificate of {address.OriginalString} {fault}", "get", "x", "--ca", ca.Path);
    }

    [Theory]
    [InlineData("--ca", "{0}", "{0} has no certificate in PEM form.")]
    [InlineData("--ca", "{0}.missing", "{0}.missing cannot be read: there is no such file or folder.")]
    public async Task A_file_of_authorities_that_is_none(string option, string path, string sentence)
    {
        using var file = new TestFile("ca.pem", "nonsense");

        Userctl.Ending ending = await Userctl.RunAsync(new Uri("https://127.0.0.1:1"), "get", "x", option, path.Replace("{0}", file.Path, StringComparison.Ordinal));

        Assert.Equal((ExitCodes.BadFile, sentence.Replace("{0}", file.Path, StringComparison.Ordinal) + "\n"), (ending.ExitCode, ending.Error));
    }

    [Fact]
    public async Task A_server_that_itself_says_UNAVAILABLE_is_not_suspected()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.Unavailable, "shutting down"));

        await TellsAsync(server.Address, $"The server at {server.Address.OriginalString} is not available: shutting down");
    }

    [Theory]
    [InlineData("get", "x")]
    [InlineData("list")]
    public async Task A_connection_that_breaks_before_the_answer(params string[] command)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.MessagesThenBreak(Task.CompletedTask));

        await TellsAsync(server.Address, $"The server at {server.Address.OriginalString} is not available: the connection broke.", command);
    }

    [Fact]
    public async Task A_server_in_TLS_that_went_away_is_not_said_to_lack_TLS()
    {
        using var nobody = new FreePort();
        var broken = new RpcException(new Status(StatusCode.Unavailable, "", new HttpRequestException(HttpRequestError.ResponseEnded)));

        Assert.Equal(
            $"The server at https://127.0.0.1:{nobody.Address.Port} is not available: the connection broke.",
            await TransportFault.DescribeAsync(
                broken, new Uri($"https://127.0.0.1:{nobody.Address.Port}"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(SocketError.AddressNotAvailable, "nobody listens there; start one, or name another with --address.")]
    [InlineData(SocketError.AccessDenied, "this account may not use the socket; its server sets who may (UnixFileMode).")]
    public async Task A_socket(SocketError error, string why)
    {
        var refused = new RpcException(new Status(
            StatusCode.Unavailable, "", new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)error))));

        Assert.Equal(
            $"The server at unix:/run/users.sock is not available: {why}",
            await TransportFault.DescribeAsync(refused, ServerAddress.TryParse("unix:/run/users.sock")!, TestContext.Current.CancellationToken));
    }

    private static async Task TellsAsync(Uri address, string sentence, params string[] command)
    {
        Userctl.Ending ending = await Userctl.RunAsync(address, command is [] ? ["get", "x"] : command);

        Assert.Equal((ExitCodes.NoServer, "", sentence + "\n"), (ending.ExitCode, ending.Output, ending.Error));
    }

    private static Uri In(string scheme, ScriptedServer server) => new($"{scheme}://127.0.0.1:{server.Address.Port}");
}
