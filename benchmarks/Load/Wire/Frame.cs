using System.Buffers.Binary;

namespace Users.Benchmarks.Load.Wire;

/// <summary>The head of a frame of HTTP/2 (RFC 9113, section 4.1).</summary>
internal readonly record struct Frame(int Length, FrameType Type, FrameFlags Flags, int Stream)
{
    public const int HeadLength = 9;

    /// <summary>What the bit of <see cref="FrameFlags.EndStream"/> says in frames of settings and pings.</summary>
    public const FrameFlags Acknowledged = FrameFlags.EndStream;

    public static Frame Read(ReadOnlySpan<byte> head) => new(
        (head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head[1..]),
        (FrameType)head[3],
        (FrameFlags)head[4],
        BinaryPrimitives.ReadInt32BigEndian(head[5..]));

    public void Write(Span<byte> head)
    {
        head[0] = (byte)(Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)Length);
        head[3] = (byte)Type;
        head[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], Stream);
    }
}

internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Reset = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    EndStream = 1,
    EndHeaders = 4,
    Padded = 8,
}
