using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>
/// Gives a line of a file the same request id each time it is read, so that importing the file again creates nobody twice.
/// The line's number counts, so that two lines with the same user are two requests, and the server refuses the second as a mistake.
/// </summary>
internal static class RequestIds
{
    /// <summary>A UUID of version 8 (RFC 9562, section 5.8) from SHA-256. The lengths keep apart contents that read the same.</summary>
    public static string Of(long line, CreateUserRequest user)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{line}:{user.Name.Length}:{user.Name}:{user.Email}")));
        Span<byte> uuid = hash.AsSpan(0, 16);
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return new Guid(uuid, bigEndian: true).ToString();
    }
}
