using System.Net;
using System.Net.Sockets;

namespace Users.Client.Tests.Support;

/// <summary>A port on 127.0.0.1 where nobody listens, kept for this test by a socket that is bound and never listens.</summary>
internal sealed class FreePort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public FreePort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}");

    /// <summary>From now on connections are accepted, and nothing is ever said on them.</summary>
    public void ListenSilently() => _socket.Listen();

    public void Dispose() => _socket.Dispose();
}
