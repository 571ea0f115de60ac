using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.Reflection;
using Users.V1;

namespace Users.Cli.Files;

/// <summary>
/// Gives a line of a file the same request id each time it is read, so that importing the file again creates nobody twice.
/// All fields count, but for a later one that is empty: so a line keeps its id when users get a field. The line's number counts, too, so that two lines with the same user are two requests, and the server refuses the second as a mistake.
/// </summary>
internal static class RequestIds
{
    /// <summary>A UUID of version 8 (RFC 9562, section 5.8) from SHA-256. The lengths keep apart contents that read the same.</summary>
    public static string Of(long line, CreateUserRequest user)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{line}:{user.Name.Length}:{user.Name}:{user.Email}");
        foreach (FieldDescriptor field in UserFields.OfCreate.Where(field => field.Name is not ("name" or "email" or "request_id")))
        {
            if (field.Text(user) is { Length: > 0 } value)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{field.Name}:{value.Length}:{value}");
            }
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        Span<byte> uuid = hash.AsSpan(0, 16);
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return new Guid(uuid, bigEndian: true).ToString();
    }
}
