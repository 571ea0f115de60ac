using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace Users.Server.Tests.Support;

/// <summary>Signs tokens, by hand, so that nothing of what is tested makes them. Its public key is a file for the server.</summary>
internal sealed class TokenIssuer : IDisposable
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "users";

    private readonly AsymmetricAlgorithm _key;
    private readonly string _file = Path.GetTempFileName();

    public TokenIssuer(AsymmetricAlgorithm? key = null)
    {
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_file, _key.ExportSubjectPublicKeyInfoPem());
    }

    /// <summary>What makes a server ask for this issuer's tokens.</summary>
    public string[] Settings =>
    [
        "--Security:RequireTokens=true",
        $"--Authentication:Schemes:Bearer:ValidIssuer={Issuer}",
        $"--Authentication:Schemes:Bearer:ValidAudience={Audience}",
        $"--Authentication:Schemes:Bearer:PublicKeyFiles:0={_file}",
    ];

    /// <summary>The claims of a token that lives for an hour from <paramref name="now"/>.</summary>
    public static Dictionary<string, object> Claims(DateTimeOffset now, string scope, string subject = "somebody") => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = subject,
        ["scope"] = scope,
        ["nbf"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
    };

    /// <summary>The metadata of a caller with a good token that lives for an hour.</summary>
    public Metadata Bearer(DateTimeOffset now, string scope, string subject = "somebody") => Metadata(Sign(Claims(now, scope, subject)));

    public static Metadata Metadata(string token) => new() { { "authorization", $"Bearer {token}" } };

    /// <param name="claims">What the token says.</param>
    /// <param name="keyId">The name of the key, where the token says that.</param>
    public string Sign(Dictionary<string, object> claims, string? keyId = null)
    {
        string algorithm = _key is RSA ? "RS256" : "ES256";
        var header = new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        string content = $"{Encode(header)}.{Encode(claims)}";
        byte[] bytes = Encoding.ASCII.GetBytes(content);
        byte[] signature = _key is RSA rsa
            ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ((ECDsa)_key).SignData(bytes, HashAlgorithmName.SHA256);
        return $"{content}.{Encode(signature)}";
    }

    /// <summary>The key of an issuer on an elliptic curve, as RFC 7517 has it.</summary>
    public Dictionary<string, string> PublicKey(string keyId)
    {
        ECPoint point = ((ECDsa)_key).ExportParameters(includePrivateParameters: false).Q;
        return new() { ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["kid"] = keyId, ["x"] = Encode(point.X!), ["y"] = Encode(point.Y!) };
    }

    /// <summary>A part of a token: JSON in base64url.</summary>
    public static string Encode(object part) => Encode(JsonSerializer.SerializeToUtf8Bytes(part));

    public void Dispose()
    {
        _key.Dispose();
        File.Delete(_file);
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
