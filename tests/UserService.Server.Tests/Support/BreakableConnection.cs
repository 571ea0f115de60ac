using System.Net.Sockets;

namespace Users.Server.Tests.Support;

/// <summary>A client's connection that a test can cut: the socket is closed without a goodbye of HTTP/2.</summary>
internal sealed class BreakableConnection
{
    private Socket? _socket;

    public BreakableConnection() => Handler = new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(_socket, ownsSocket: true);
        },
    };

    public SocketsHttpHandler Handler { get; }

    public void Break() => _socket!.Close(timeout: 0);
}
