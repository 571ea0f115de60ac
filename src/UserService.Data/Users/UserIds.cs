using System.Buffers.Binary;

namespace Users.Data;

/// <summary>
/// Draws UUIDv7s that always grow: within a millisecond, when the clock goes back, and past what an earlier process drew.
/// For one thread, the writer's, so that the order of ids is the order of commits.
/// </summary>
internal sealed class UserIds(TimeProvider time)
{
    // RFC 9562, 5.7: the last 62 bits are free; the variant and version bits stand before them.
    private static readonly UInt128 Tail = (UInt128.One << 62) - 1;
    private UInt128 _last;

    /// <summary>Makes every later id greater than this one.</summary>
    public void StartAfter(string id) => _last = UInt128.Max(_last, ToNumber(Guid.Parse(id)));

    /// <summary>The next id, in lowercase, which sorts as text as it does as a number.</summary>
    public string Next()
    {
        UInt128 fresh = ToNumber(Guid.CreateVersion7(time.GetUtcNow()));
        _last = fresh > _last ? fresh
            : (_last & Tail) < Tail ? _last + 1
            : ToNumber(Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds((long)(_last >> 80) + 1)));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _last);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static UInt128 ToNumber(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
