using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>
/// Mutual TLS: with <c>Security:ClientCaFile</c> a connection needs a client certificate that this authority issued. What a caller may do
/// what is still the token's matter. Revocation is not looked up: let client certificates be short-lived.
/// </summary>
internal static class ClientCertificates
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    public static void Require(KestrelServerOptions kestrel, string caFile)
    {
        X509Certificate2Collection authorities = Read(caFile);
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, presented, _) => IsIssuedBy(authorities, certificate, presented);
        });
    }

    // The system's own authorities do not count, so the chain is built anew.
    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Read(string caFile)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(Path.Combine(AppContext.BaseDirectory, caFile));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw BadSetting.Because($"Security:ClientCaFile cannot be read: '{caFile}'.");
        }

        return authorities.Count > 0
            ? authorities
            : throw BadSetting.Because($"Security:ClientCaFile holds no certificate in PEM form: '{caFile}'.");
    }
}
