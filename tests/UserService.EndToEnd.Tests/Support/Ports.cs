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

    public static int Number(TcpListener listener) => Number(listener.Server);

    public static int Number(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
