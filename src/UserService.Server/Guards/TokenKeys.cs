using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>
/// The keys that tokens may be signed with: RSA or EC public keys as PEM files, <c>PublicKeyFiles</c>, and for Development the
/// shared secrets that <c>dotnet user-jwts</c> writes, <c>SigningKeys</c>.
/// </summary>
internal static class TokenKeys
{
    public static SecurityKey[] Read(IConfigurationSection section, bool isRequired)
    {
        SecurityKey[] keys =
        [
            .. section.GetSection("PublicKeyFiles").GetChildren().Select(ReadFile),
            .. section.GetSection("SigningKeys").GetChildren().Select(ReadSecret),
        ];
        return keys.Length > 0 || !isRequired
            ? keys
            : throw BadSetting.Because(
                $"{section.Path}:PublicKeyFiles names no key: name a PEM file, or an issuer that publishes its keys in {section.Path}:Authority, or switch authentication off with Security:RequireTokens=false.");
    }

    private static SecurityKey ReadFile(IConfigurationSection setting)
    {
        string pem = ReadText(setting);
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw BadSetting.Because($"{setting.Path} holds a private key: leave that with the issuer, and name its public key here.");
        }

        try
        {
            return Import(pem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw BadSetting.Because($"{setting.Path} is no RSA or EC public key in PEM form: '{setting.Value}'.");
        }
    }

    private static string ReadText(IConfigurationSection setting)
    {
        if (setting.Value?.Contains("-----", StringComparison.Ordinal) is true)
        {
            throw BadSetting.Because($"{setting.Path} holds a key: write it into a file, and name that here.");
        }

        try
        {
            return File.ReadAllText(Path.Combine(AppContext.BaseDirectory, setting.Value ?? ""));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw BadSetting.Because($"{setting.Path} cannot be read: '{setting.Value}'.");
        }
    }

    private static SecurityKey Import(string pem)
    {
        try
        {
            return new ECDsaSecurityKey(Fill(ECDsa.Create(), pem));
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            return new RsaSecurityKey(Fill(RSA.Create(), pem));
        }
    }

    private static T Fill<T>(T key, string pem)
        where T : AsymmetricAlgorithm
    {
        key.ImportFromPem(pem);
        return key;
    }

    private static SymmetricSecurityKey ReadSecret(IConfigurationSection setting)
    {
        try
        {
            return new SymmetricSecurityKey(Convert.FromBase64String(setting["Value"] ?? "")) { KeyId = setting["Id"] };
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw BadSetting.Because($"{setting.Path}:Value must be a key in base64.");
        }
    }
}
