using System.Text;

namespace Users.Benchmarks.Load.Wire;

/// <summary>
/// The header blocks (RFC 7541) of one method's requests on one connection. The first puts its fields into the server's dynamic table, as
/// clients do; those after it name them by their index.
/// </summary>
internal sealed class RequestHeaders(Uri address, string path)
{
    // In the static table: :method POST and :scheme http. Then, newest last, what the first block has put into the dynamic table,
    // which counts from 62 for the newest.
    private static readonly byte[] Later = [0x83, 0x86, 0x80 | 65, 0x80 | 64, 0x80 | 63, 0x80 | 62];

    private bool _sent;

    public ReadOnlySpan<byte> Next()
    {
        if (_sent)
        {
            return Later;
        }

        _sent = true;
        // 0x40 adds a field to the table; with it stands the static table's index of the name, or 0 and the name itself.
        return (byte[])
        [
            0x83, 0x86,
            0x40 | 4, .. Text(path),
            0x40 | 1, .. Text(address.Authority),
            0x40 | 31, .. Text("application/grpc"),
            0x40, .. Text("te"), .. Text("trailers"),
        ];
    }

    // In one byte of length, without Huffman's code.
    private static byte[] Text(string value) => value.Length < 127
        ? [(byte)value.Length, .. Encoding.ASCII.GetBytes(value)]
        : throw new ArgumentException("Longer than a benchmark needs.", nameof(value));
}
