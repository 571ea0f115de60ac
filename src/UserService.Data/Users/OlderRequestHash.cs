using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Users.Data;

/// <summary>The hashes of rows from before 2026-11-27, when a create had these fields alone.</summary>
internal static class OlderRequestHash
{
    public static string Of(User create) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{create.Name.Length}:{create.Name}{create.Email}"))));
}
