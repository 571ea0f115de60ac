using System.Security.Cryptography.X509Certificates;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.Server.Tests.Support;

namespace Users.EndToEnd.Tests.Cli.Secure;

/// <summary>A server that takes no connection without a client's certificate.</summary>
public sealed class ClientCertificateTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private ServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.Launch(
            [$"ConnectionStrings__Users=Data Source={_folder.Database}", "ASPNETCORE_ENVIRONMENT=Development"],
            [.. _authority.Settings, $"--Security:ClientCaFile={_authority.CaFile}"]).StartedAsync();
        using X509Certificate2 certificate = _authority.IssueForClient();
        await File.WriteAllTextAsync(_folder.File("client.pem"), certificate.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(_folder.File("client.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task With_one_the_client_is_served()
    {
        await using ChildProcess client = await ListAsync("--cert", _folder.File("client.pem"), "--key", _folder.File("client.key"));

        Assert.Equal((0, ""), (client.ExitCode, client.Error.ToString()));
        Assert.Contains("Ada Lovelace", client.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_the_client_is_told_how_to_show_one()
    {
        await using ChildProcess client = await ListAsync();

        Assert.Equal(
            (3, $"The server at {_server.Address} refuses the TLS connection; if it asks for a certificate, name one with --cert and --key."),
            (client.ExitCode, client.Error.ToString()));
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_told()
    {
        string key = _folder.File("other.key");
        using X509Certificate2 other = _authority.IssueForClient();
        await File.WriteAllTextAsync(key, other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Token);

        await using ChildProcess client = await ListAsync("--cert", _folder.File("client.pem"), "--key", key);

        Assert.Equal(
            (5, $"{key} is not the private key of {_folder.File("client.pem")} in PEM form, without a password."),
            (client.ExitCode, client.Error.ToString()));
    }

    private Task<ChildProcess> ListAsync(params string[] options) =>
        UserctlProcess.RunAsync(_server.Address, ["list", "--limit", "10", "--ca", _authority.CaFile, .. options]);
}
