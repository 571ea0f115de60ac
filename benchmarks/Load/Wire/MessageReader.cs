using System.Buffers.Binary;

namespace Users.Benchmarks.Load.Wire;

/// <summary>Finds gRPC's messages in a stream's data. One that came whole is not copied, and is only there while it is handled.</summary>
internal sealed class MessageReader
{
    // A byte that says whether it is compressed, and four of length.
    private const int Prefix = 5;

    private byte[] _begun = [];
    private int _have;

    public void Read(RpcStream stream, ReadOnlySpan<byte> data, Action<RpcStream, ReadOnlySpan<byte>> handler)
    {
        while (data.Length > 0)
        {
            if (_have == 0 && data.Length >= Prefix && data.Length >= FramedLength(data))
            {
                int length = FramedLength(data);
                handler(stream, data[Prefix..length]);
                data = data[length..];
                continue;
            }

            int wanted = _have < Prefix ? Prefix : FramedLength(_begun);
            if (_begun.Length < wanted)
            {
                Array.Resize(ref _begun, Math.Max(wanted, 256));
            }

            int taken = Math.Min(wanted - _have, data.Length);
            data[..taken].CopyTo(_begun.AsSpan(_have));
            _have += taken;
            data = data[taken..];
            if (_have >= Prefix && _have == FramedLength(_begun))
            {
                handler(stream, _begun.AsSpan(Prefix, _have - Prefix));
                _have = 0;
            }
        }
    }

    private static int FramedLength(ReadOnlySpan<byte> data) => Prefix + BinaryPrimitives.ReadInt32BigEndian(data[1..]);
}
