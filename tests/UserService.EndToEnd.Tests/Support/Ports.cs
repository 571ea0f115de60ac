using System.Net;
using System.Net.Sockets;

namespace Users.EndToEnd.Tests.Support;

internal static class Ports
{
    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int Free()
    {
        using TcpListener listener = Listen();
        return Number(listener);
    }

    /// <summary>Holds a port until it is disposed.</summary>
    public static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    public static int Number(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
