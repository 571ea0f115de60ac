using System.Buffers.Binary;

namespace Users.Data;

/// <summary>
/// Draws UUIDv7s that always grow: within a millisecond, when the clock goes back, and past what an earlier process drew.
/// For one thread, the writer's, so that the order of ids is the order of commits.
/// </summary>
internal sealed class UserIds(TimeProvider time, RandomBytes random)
{
    // RFC 9562, 5.7: 48 bits of milliseconds, the version, 12 free bits, the variant, 62 free bits.
    private static readonly UInt128 Marks = ((UInt128)0x7 << 76) | ((UInt128)0b10 << 62);
    private static readonly UInt128 Middle = (UInt128)0xFFF << 64;
    private static readonly UInt128 Tail = (UInt128.One << 62) - 1;
    private UInt128 _last;

    /// <summary>Makes every later id greater than this one.</summary>
    public void StartAfter(string id) => _last = UInt128.Max(_last, ToNumber(Guid.Parse(id)));

    /// <summary>The next id, in lowercase, which sorts as text as it does as a number.</summary>
    public string Next()
    {
        UInt128 fresh = Draw(time.GetUtcNow().ToUnixTimeMilliseconds());
        _last = fresh > _last ? fresh
            : (_last & Tail) < Tail ? _last + 1
            : Draw((long)(_last >> 80) + 1);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _last);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private UInt128 Draw(long milliseconds) =>
        ((UInt128)milliseconds << 80) | Marks | (BinaryPrimitives.ReadUInt128BigEndian(random.Take(16)) & (Middle | Tail));

    private static UInt128 ToNumber(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
