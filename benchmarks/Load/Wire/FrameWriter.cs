using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Users.Benchmarks.Load.Wire;

/// <summary>Gathers frames and sends them at once.</summary>
internal sealed class FrameWriter(Stream connection)
{
    private const int MessagePrefix = 5;

    private readonly ArrayBufferWriter<byte> _frames = new(256 * 1024);

    /// <summary>A frame with this content.</summary>
    public void Write(FrameType type, FrameFlags flags, int stream, ReadOnlySpan<byte> content)
    {
        new Frame(content.Length, type, flags, stream).Write(_frames.GetSpan(Frame.HeadLength));
        _frames.Advance(Frame.HeadLength);
        _frames.Write(content);
    }

    /// <summary>A frame of data with one message of gRPC, which takes <see cref="FramedLength"/> of the window.</summary>
    public void Write(int stream, IMessage message, bool last)
    {
        int size = message.CalculateSize();
        Span<byte> frame = _frames.GetSpan(Frame.HeadLength + MessagePrefix + size);
        new Frame(MessagePrefix + size, FrameType.Data, last ? FrameFlags.EndStream : FrameFlags.None, stream).Write(frame);
        frame[Frame.HeadLength] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[(Frame.HeadLength + 1)..], size);
        message.WriteTo(frame.Slice(Frame.HeadLength + MessagePrefix, size));
        _frames.Advance(Frame.HeadLength + MessagePrefix + size);
    }

    public void WriteWindowUpdate(int stream, int bytes)
    {
        Span<byte> content = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(content, bytes);
        Write(FrameType.WindowUpdate, FrameFlags.None, stream, content);
    }

    /// <summary>The client's preface: what it is, and what it takes.</summary>
    public void WritePreface()
    {
        _frames.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        // No dynamic table (1 = 0), so that a status can be told without decoding; no push (2 = 0); the widest window (4 = 2^31 - 1).
        Write(FrameType.Settings, FrameFlags.None, 0, [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff]);
        WriteWindowUpdate(0, int.MaxValue - ushort.MaxValue);
    }

    public void Flush()
    {
        if (_frames.WrittenCount > 0)
        {
            connection.Write(_frames.WrittenSpan);
        }

        _frames.ResetWrittenCount();
    }

    public static int FramedLength(IMessage message) => MessagePrefix + message.CalculateSize();
}
