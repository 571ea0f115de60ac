using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;

namespace Users.Benchmarks.Load.Wire;

/// <summary>
/// One connection that calls one method, for one thread: it costs a few microseconds for each call, where a general client
/// costs as much as the server. It knows of HTTP/2 only what Kestrel sends, and fails on anything else.
/// </summary>
internal sealed class RpcConnection : IDisposable
{
    private const int DefaultWindow = ushort.MaxValue;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
    private readonly Dictionary<int, RpcStream> _streams = [];
    private readonly ReceiveWindow _received = new();
    private readonly Stream _stream;
    private readonly FrameReader _input;
    private readonly FrameWriter _output;
    private readonly RequestHeaders _headers;
    private int _nextStream = 1;
    private long _window = DefaultWindow;
    private long _streamWindow = DefaultWindow;

    /// <param name="address">Such as <c>http://127.0.0.1:50051</c>.</param>
    /// <param name="path">Such as <c>/users.v1.UserService/GetUser</c>.</param>
    /// <param name="token">What each call carries; null: none.</param>
    /// <param name="trust">What the server's certificate is judged by; null: the connection is in cleartext.</param>
    public RpcConnection(Uri address, string path, string? token = null, X509ChainPolicy? trust = null)
    {
        _socket.Connect(IPAddress.Parse(address.Host), address.Port);
        _stream = new NetworkStream(_socket);
        if (trust is not null)
        {
            var tls = new SslStream(_stream);
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = address.Host,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                CertificateChainPolicy = trust,
            });
            _stream = tls;
        }

        _input = new FrameReader(_stream);
        _output = new FrameWriter(_stream);
        _headers = new RequestHeaders(address, path, token);
        _output.WritePreface();
    }

    /// <summary>The response's headers have come.</summary>
    public Action<RpcStream> OnHeaders { get; set; } = _ => { };

    public Action<RpcStream, ReadOnlySpan<byte>> OnMessage { get; set; } = (_, _) => { };

    /// <summary>The call has ended, with OK: any other end throws.</summary>
    public Action<RpcStream> OnEnd { get; set; } = _ => { };

    public RpcStream Open()
    {
        var stream = new RpcStream(_nextStream, _streamWindow);
        _nextStream += 2;
        _streams.Add(stream.Id, stream);
        _output.Write(FrameType.Headers, FrameFlags.EndHeaders, stream.Id, _headers.Next());
        return stream;
    }

    /// <summary>Opens a stream with a message for which there is room, such as its first and only one.</summary>
    public RpcStream Open(IMessage message, bool last)
    {
        RpcStream stream = Open();
        return TrySend(stream, message, last) ? stream : throw new InvalidOperationException("More streams than a window holds.");
    }

    /// <summary>False: the server does not take more until something was read.</summary>
    public bool TrySend(RpcStream stream, IMessage message, bool last = false)
    {
        int length = FrameWriter.FramedLength(message);
        if (length > Math.Min(_window, stream.Window))
        {
            return false;
        }

        _window -= length;
        stream.Window -= length;
        _output.Write(stream.Id, message, last);
        return true;
    }

    /// <summary>Closes the client's side.</summary>
    public void End(RpcStream stream) => _output.Write(FrameType.Data, FrameFlags.EndStream, stream.Id, []);

    public void Flush() => _output.Flush();

    /// <summary>Sends what was written, waits for the next bytes and takes what they hold.</summary>
    public void Read()
    {
        Flush();
        _input.Read(Take);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private void Take(Frame frame, ReadOnlySpan<byte> content)
    {
        switch (frame.Type)
        {
            case FrameType.Data when !frame.Flags.HasFlag(FrameFlags.Padded):
                RpcStream stream = _streams[frame.Stream];
                _received.Add(0, content.Length, _output);
                stream.Received.Add(stream.Id, content.Length, _output);
                stream.Messages.Read(stream, content, OnMessage);
                break;
            case FrameType.Headers when frame.Flags.HasFlag(FrameFlags.EndStream):
                // Neither compressed nor in a table, since the preface took the table away.
                if (content.IndexOf("grpc-status\u00010"u8) < 0)
                {
                    throw new InvalidOperationException($"A call failed: {Encoding.ASCII.GetString(content)}");
                }

                _streams.Remove(frame.Stream, out RpcStream? ended);
                OnEnd(ended!);
                break;
            case FrameType.Headers when frame.Flags.HasFlag(FrameFlags.EndHeaders):
                OnHeaders(_streams[frame.Stream]);
                break;
            case FrameType.Settings when !frame.Flags.HasFlag(Frame.Acknowledged):
                TakeInitialWindow(Settings.InitialWindow(content) ?? _streamWindow);
                _output.Write(FrameType.Settings, Frame.Acknowledged, 0, []);
                break;
            case FrameType.Ping when !frame.Flags.HasFlag(Frame.Acknowledged):
                _output.Write(FrameType.Ping, Frame.Acknowledged, 0, content);
                break;
            case FrameType.WindowUpdate when frame.Stream == 0:
                _window += BinaryPrimitives.ReadInt32BigEndian(content);
                break;
            case FrameType.WindowUpdate:
                if (_streams.TryGetValue(frame.Stream, out RpcStream? open))
                {
                    open.Window += BinaryPrimitives.ReadInt32BigEndian(content);
                }

                break;
            case FrameType.Settings or FrameType.Ping:
                break;
            default:
                throw new InvalidOperationException($"The server sent a frame that this client does not know: {frame}");
        }
    }

    // It also moves the windows of the streams that are open.
    private void TakeInitialWindow(long window)
    {
        foreach (RpcStream stream in _streams.Values)
        {
            stream.Window += window - _streamWindow;
        }

        _streamWindow = window;
    }
}
