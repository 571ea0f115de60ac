using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace Users.Server.Tests.Support;

/// <summary>
/// A gRPC client that sees each frame, and allocates nothing once it is connected, so that what a call allocates is the server's:
/// HTTP/2 by hand (https://www.rfc-editor.org/rfc/rfc9113), one call at a time.
/// </summary>
internal sealed class BareConnection : IDisposable
{
    private const int FrameHeader = 9;
    private const int StreamOffset = 5;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte RstStream = 3;
    private const byte Settings = 4;
    private const byte WindowUpdate = 8;
    private const byte EndStream = 1;
    private const byte Ack = 1;
    private const byte EndHeaders = 4;

    private static readonly byte[] SettingsAck = Frame(Settings, Ack, []);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private readonly byte[] _received = new byte[64 * 1024];
    private int _start;
    private int _end;
    private int _nextStream = 1;

    public BareConnection(string address)
    {
        var uri = new Uri(address);
        _socket.Connect(uri.Host, uri.Port);
        // All that the server may ever send on the connection, at once.
        byte[] window = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(window, int.MaxValue - 65_535);
        _socket.Send([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, []), .. Frame(WindowUpdate, 0, window)]);
    }

    /// <summary>A call's frames, to be sent again and again.</summary>
    public static byte[] Call(string method, IMessage request) => Call(method, request, EndStream, []);

    /// <summary>The frames of a call that has a deadline, and whose client has not said all.</summary>
    public static byte[] OpenCall(string method, IMessage request, string timeout) =>
        Call(method, request, 0, [0x00, .. Literal("grpc-timeout"), .. Literal(timeout)]);

    private static byte[] Call(string method, IMessage request, byte end, byte[] moreHeaders)
    {
        byte[] message = request.ToByteArray();
        byte[] prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        // HPACK: POST and http from the static table, the others as literals that are not indexed.
        byte[] headers =
        [
            0x83, 0x86, 0x04, .. Literal($"/users.v1.UserService/{method}"), 0x01, .. Literal("localhost"),
            0x00, .. Literal("content-type"), .. Literal("application/grpc"), 0x00, .. Literal("te"), .. Literal("trailers"),
            .. moreHeaders,
        ];
        return [.. Frame(Headers, EndHeaders, headers), .. Frame(Data, end, [.. prefix, .. message])];
    }

    /// <summary>Makes a call and answers how many bytes of messages came back: none where it failed.</summary>
    public int Send(byte[] call)
    {
        int stream = Begin(call);
        int answered = 0;
        while (true)
        {
            (byte type, byte flags, int length) = ReceiveOf(stream);
            answered += type == Data ? length : 0;
            if (type is Data or Headers && (flags & EndStream) != 0)
            {
                return answered;
            }
        }
    }

    /// <summary>Makes a call and answers with which code its stream was reset, and whether its answer was whole by then.</summary>
    public (int Code, bool IsWhole) SendUntilReset(byte[] call)
    {
        int stream = Begin(call);
        bool isWhole = false;
        while (true)
        {
            (byte type, byte flags, _) = ReceiveOf(stream);
            if (type == RstStream)
            {
                return (BinaryPrimitives.ReadInt32BigEndian(_received.AsSpan(_start - sizeof(int))), isWhole);
            }

            isWhole |= type is Data or Headers && (flags & EndStream) != 0;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Literal(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Frame(byte type, byte flags, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];

    private int Begin(byte[] call)
    {
        int stream = _nextStream;
        _nextStream += 2;
        int data = FrameHeader + (BinaryPrimitives.ReadInt32BigEndian(call) >> 8);
        BinaryPrimitives.WriteInt32BigEndian(call.AsSpan(StreamOffset), stream);
        BinaryPrimitives.WriteInt32BigEndian(call.AsSpan(data + StreamOffset), stream);
        _socket.Send(call);
        return stream;
    }

    // The next frame of the stream; its payload ends where the next one starts.
    private (byte Type, byte Flags, int Length) ReceiveOf(int stream)
    {
        while (true)
        {
            ReadOnlySpan<byte> frame = Receive(FrameHeader);
            (int length, byte type, byte flags) = (BinaryPrimitives.ReadInt32BigEndian(frame) >> 8, frame[3], frame[4]);
            bool isMine = BinaryPrimitives.ReadInt32BigEndian(frame[StreamOffset..]) == stream;
            Receive(length);
            if (type == Settings && flags != Ack)
            {
                _socket.Send(SettingsAck);
            }

            if (isMine)
            {
                return (type, flags, length);
            }
        }
    }

    private ReadOnlySpan<byte> Receive(int count)
    {
        if (_end - _start < count)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_start, _end) = (0, _end - _start);
            while (_end < count)
            {
                int received = _socket.Receive(_received.AsSpan(_end));
                Assert.NotEqual(0, received);
                _end += received;
            }
        }

        _start += count;
        return _received.AsSpan(_start - count, count);
    }
}
