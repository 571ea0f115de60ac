using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Users.Client.Connection;

/// <summary>What the client trusts in TLS, and what it shows: PEM files, read once, when the first connection needs them.</summary>
/// <param name="ca">Its authorities are trusted, and no others; null for the system's.</param>
/// <param name="certificate">The client's own certificate, and those between it and its authority, if the server asks for one.</param>
/// <param name="key">The private key of <paramref name="certificate"/>.</param>
internal sealed class TlsFiles(string? ca = null, string? certificate = null, string? key = null)
{
    private readonly Lazy<X509Certificate2Collection?> _authorities = new(() => ca is null ? null : Read(ca));
    private readonly Lazy<SslStreamCertificateContext?> _own = new(() => certificate is null ? null : ReadOwn(certificate, key!));

    public string? Ca => ca;

    /// <exception cref="CommandException">A file cannot be read, or is not what it should be.</exception>
    public SslClientAuthenticationOptions Options() => new()
    {
        CertificateChainPolicy = _authorities.Value is { } authorities ? Trust(authorities) : null,
        ClientCertificateContext = _own.Value,
    };

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // As for the system's authorities, unless .NET is set otherwise.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        string pem = ReadText(file);
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            // No certificate came of it.
        }

        return certificates.Count > 0 ? certificates : throw new CommandException($"{file} has no certificate in PEM form.", ExitCodes.BadFile);
    }

    private static SslStreamCertificateContext ReadOwn(string file, string keyFile)
    {
        X509Certificate2Collection chain = Read(file);
        string pem = ReadText(keyFile);
        try
        {
            using var pair = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), pem);
            // As PKCS #12 and back: on some systems TLS takes no key that was never in a store.
            X509Certificate2 own = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CommandException($"{keyFile} is not the private key of {file} in PEM form, without a password.", ExitCodes.BadFile);
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (FileFailure.Explains(e))
        {
            throw FileFailure.Of(file, "read", e);
        }
    }
}
