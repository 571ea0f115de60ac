using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Users.Data;

/// <summary>Tells a repeated create from another one that reuses its request id.</summary>
internal static class RequestHash
{
    /// <summary>SHA-256 in hex. The name's length goes first, so that no two contents read the same.</summary>
    public static string Of(NewUser user) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{user.Name.Length}:{user.Name}{user.Email}"))));
}
