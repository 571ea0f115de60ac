using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Users.Server.Tests.Properties.Hostile;

/// <summary>What comes over a connection that speaks no HTTP/2, or speaks it wrongly, also in the middle of a call.</summary>
internal sealed record BrokenConnection(byte[] Bytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static readonly byte[] Settings = Frame(4, 0, 0, []);

    private static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(value => (byte)value);

    private static readonly Gen<byte[]> Garbage = Byte.ListOf().Select(bytes => bytes.ToArray());

    // DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION, and what is none.
    private static readonly Gen<byte[]> AnyFrame =
        from type in Gen.Frequency((5, Gen.Constant(0)), (5, Gen.Choose(0, 9)), (1, Gen.Choose(10, 255)))
        from flags in Gen.OneOf(Gen.Elements<byte>(0, 1, 4, 5), Byte)
        from stream in Gen.Elements(0, 1, 1, 1, 1, 2, 3, int.MaxValue)
        from payload in Gen.OneOf(Garbage, Garbage.Select(garbage => (byte[])[0, 0, 0, 0, (byte)garbage.Length, .. garbage]))
        select Frame((byte)type, flags, stream, payload);

    private static readonly Gen<byte[]> Call =
        from method in Gen.Elements("GetUser", "CreateUser", "ListUsers", "CreateUsers", "ChatUsers")
        select Frame(1, 4, 1, Headers((":method", "POST"), (":scheme", "http"), (":authority", "localhost"),
            (":path", $"/users.v1.UserService/{method}"), ("te", "trailers"), ("content-type", "application/grpc")));

    public static Gen<BrokenConnection> Any { get; } = Gen.Frequency(
        (1, Garbage.Select(garbage => new BrokenConnection(garbage))),
        (1, Garbage.Select(garbage => new BrokenConnection([.. Preface, .. garbage]))),
        (2, AnyFrame.ListOf().Select(frames => new BrokenConnection([.. Preface, .. Settings, .. frames.SelectMany(frame => frame)]))),
        (6, from call in Call
            from frames in AnyFrame.ListOf()
            select new BrokenConnection([.. Preface, .. Settings, .. call, .. frames.SelectMany(frame => frame)])));

    /// <summary>Sends the bytes, says that no more will come, and waits for the server to close its side.</summary>
    public async Task EndAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        try
        {
            await client.Client.SendAsync(Bytes, cancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            byte[] heard = new byte[4096];
            while (await client.Client.ReceiveAsync(heard, cancellationToken).AsTask().WaitAsync(Patience, cancellationToken) > 0)
            {
                // What it says before it closes is the library's.
            }
        }
        catch (SocketException)
        {
            // It may close the connection while the bytes still come.
        }
    }

    public IEnumerable<BrokenConnection> Shrink() => Property.Shorter(Bytes).Select(bytes => new BrokenConnection([.. bytes]));

    public override string ToString() => Convert.ToHexString(Bytes);

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] header = [0, 0, 0, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(), payload.Length << 8);
        header[3] = type;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(5), stream);
        return [.. header, .. payload];
    }

    // HPACK's plainest form: a literal without indexing, its name new, neither compressed. For texts under 127 bytes.
    private static byte[] Headers(params (string Name, string Value)[] headers) =>
    [
        .. headers.SelectMany(header => (byte[])[0, .. Text(header.Name), .. Text(header.Value)]),
    ];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
