using System.Text;

namespace Users.Benchmarks.Load.Wire;

/// <summary>
/// The header blocks (RFC 7541) of one method's requests on one connection. The first puts its fields into the server's dynamic table, as
/// clients do; those after it name them by their index.
/// </summary>
internal sealed class RequestHeaders(Uri address, string path, string? token)
{
    // What the first block has put into the dynamic table, which counts from 62 for the newest.
    private readonly byte[] _later =
        [.. Fixed(address), .. token is null ? [] : (byte[])[0x80 | 66], 0x80 | 65, 0x80 | 64, 0x80 | 63, 0x80 | 62];

    private bool _sent;

    public ReadOnlySpan<byte> Next()
    {
        if (_sent)
        {
            return _later;
        }

        _sent = true;
        // 0x40 adds a field to the table; with it stands the static table's index of the name, or 0 and the name itself.
        return (byte[])
        [
            .. Fixed(address),
            0x40 | 4, .. Text(path),
            0x40 | 1, .. Text(address.Authority),
            0x40 | 31, .. Text("application/grpc"),
            0x40, .. Text("te"), .. Text("trailers"),
            .. token is null ? [] : (byte[])[0x40 | 23, .. Text($"Bearer {token}")],
        ];
    }

    // In the static table: :method POST, and :scheme http or https.
    private static byte[] Fixed(Uri address) => [0x83, address.Scheme == Uri.UriSchemeHttps ? (byte)0x87 : (byte)0x86];

    // Without Huffman's code. A length of 127 or more goes on in bytes of seven bits (RFC 7541, section 5.1).
    private static byte[] Text(string value)
    {
        byte[] text = Encoding.ASCII.GetBytes(value);
        if (text.Length < 127)
        {
            return [(byte)text.Length, .. text];
        }

        int rest = text.Length - 127;
        return rest < 128 ? [127, (byte)rest, .. text] : [127, (byte)(rest % 128 | 128), (byte)(rest / 128), .. text];
    }
}
