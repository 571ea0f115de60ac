using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Users.Benchmarks;

/// <summary>A certificate, a key and a token of the benchmark's own, and the settings with which a server takes them.</summary>
internal sealed class GuardSettings : IDisposable
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "users";

    private const string Certificate = "Kestrel__Endpoints__Grpc__Certificate__Path=";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-guards-");

    public GuardSettings()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(PathOf("tls.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf("tokens.pem"), key.ExportSubjectPublicKeyInfoPem());
        string content = $"{Encode(new { alg = "ES256", typ = "JWT" })}.{Encode(new
        {
            iss = Issuer,
            aud = Audience,
            sub = "benchmark",
            scope = "users.read users.write chat",
            exp = DateTimeOffset.UtcNow.AddHours(12).ToUnixTimeSeconds(),
        })}";
        Token = $"{content}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    public string Token { get; }

    public string[] Tls =>
    [
        "Security__RequireTls=true",
        "Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0",
        $"{Certificate}{PathOf("tls.pem")}",
        $"Kestrel__Endpoints__Grpc__Certificate__KeyPath={PathOf("tls.key")}",
    ];

    public string[] Tokens =>
    [
        "Security__RequireTokens=true",
        $"Authentication__Schemes__Bearer__ValidIssuer={Issuer}",
        $"Authentication__Schemes__Bearer__ValidAudience={Audience}",
        $"Authentication__Schemes__Bearer__PublicKeyFiles__0={PathOf("tokens.pem")}",
    ];

    /// <summary>What a client of a server with these settings trusts: its certificate, if it has one.</summary>
    public static X509ChainPolicy? TrustOf(string[] settings) =>
        Array.Find(settings, setting => setting.StartsWith(Certificate, StringComparison.Ordinal)) is { } setting
            ? new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(setting[Certificate.Length..]) },
                RevocationMode = X509RevocationMode.NoCheck,
            }
            : null;

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
