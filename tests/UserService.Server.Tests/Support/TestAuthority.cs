using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Users.Server.Tests.Support;

/// <summary>A certificate authority of the test's own, with a folder for its PEM files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-authority-");
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(CaFile, _certificate.ExportCertificatePem());
    }

    public string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    /// <summary>What makes a server serve gRPC by TLS, with a certificate of this authority.</summary>
    public string[] Settings
    {
        get
        {
            (string certificate, string key, _) = IssueForServer();
            File.WriteAllText(PathOf("server.pem"), certificate);
            File.WriteAllText(PathOf("server.key"), key);
            return
            [
                "--Kestrel:Endpoints:Grpc:Url=https://127.0.0.1:0",
                $"--Kestrel:Endpoints:Grpc:Certificate:Path={PathOf("server.pem")}",
                $"--Kestrel:Endpoints:Grpc:Certificate:KeyPath={PathOf("server.key")}",
                "--Security:RequireTls=true",
            ];
        }
    }

    /// <summary>A new certificate for localhost, with its key and its serial number.</summary>
    public (string Certificate, string Key, string Serial) IssueForServer()
    {
        using X509Certificate2 certificate = Issue("CN=localhost", "1.3.6.1.5.5.7.3.1");
        return (certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), certificate.SerialNumber);
    }

    /// <summary>A file in the authority's folder.</summary>
    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    /// <summary>A certificate that a client may show; as PKCS #12 and back, as SslStream wants it on some systems.</summary>
    public X509Certificate2 IssueForClient(string purpose = "1.3.6.1.5.5.7.3.2")
    {
        using X509Certificate2 certificate = Issue("CN=client", purpose);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Options of a client that trusts this authority alone.</summary>
    public SslClientAuthenticationOptions ClientOptions(X509Certificate2? certificate = null) => new()
    {
        TargetHost = "localhost",
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        },
        ClientCertificates = certificate is null ? null : [certificate],
    };

    /// <summary>Opens a connection and leaves TLS established.</summary>
    public async Task<SslStream> ConnectAsync(string address, Action<SslClientAuthenticationOptions>? configure = null)
    {
        var uri = new Uri(address);
        var socket = new TcpClient();
        await socket.ConnectAsync(uri.Host, uri.Port, TestContext.Current.CancellationToken);
        var tls = new SslStream(socket.GetStream());
        SslClientAuthenticationOptions options = ClientOptions();
        configure?.Invoke(options);
        await tls.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return tls;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 Issue(string name, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        using X509Certificate2 bare = request.Create(
            _certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
