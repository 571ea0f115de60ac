using System.Net;
using System.Net.Sockets;

namespace Users.Client.Connection;

/// <summary>Connects to a server, whether it listens on a port or on a Unix domain socket.</summary>
internal static class ServerSocket
{
    /// <param name="address">Where the service is.</param>
    /// <param name="server">One of its servers.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<Stream> ConnectAsync(ServerAddress address, Uri server, CancellationToken cancellationToken)
    {
        Socket socket = address.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            EndPoint end = address.SocketPath is { } path ? new UnixDomainSocketEndPoint(path) : new DnsEndPoint(server.DnsSafeHost, server.Port);
            await socket.ConnectAsync(end, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
