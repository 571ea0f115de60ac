using System.Security.Cryptography;

namespace Users.Data;

/// <summary>
/// Random bytes, drawn from the system by the block: an import asked it twice for each user, which was a fifth of its time. For one
/// thread, the writer's.
/// </summary>
internal sealed class RandomBytes
{
    private const int Size = 4096;

    private readonly byte[] _block = new byte[Size];
    private int _used = Size;

    /// <summary>Bytes that no earlier call gave; valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (_used + count > Size)
        {
            RandomNumberGenerator.Fill(_block);
            _used = 0;
        }

        _used += count;
        return _block.AsSpan(_used - count, count);
    }
}
