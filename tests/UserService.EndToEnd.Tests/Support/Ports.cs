using System.Net;
using System.Net.Sockets;

namespace Users.EndToEnd.Tests.Support;

internal static class Ports
{
    /// <summary>Holds a port, on which it listens, until it is disposed.</summary>
    public static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>Holds a port until it is disposed, so that nobody else listens there, and does not listen itself.</summary>
    public static Socket Hold()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Waits until somebody listens on a port of this machine.</summary>
    /// <param name="port">The port.</param>
    /// <param name="ended">Why nobody will any more; null while somebody may.</param>
    public static async Task ConnectAsync(int port, Func<string?> ended)
    {
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException)
            {
                Assert.True(ended() is null, ended());
            }
        }
    }

    public static int Number(TcpListener listener) => Number(listener.Server);

    public static int Number(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
