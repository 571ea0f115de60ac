using System.Net.Sockets;
using System.Text;

namespace Users.Server.Hosting;

/// <summary>
/// Tells systemd, where it started the server as Type=notify, how far the server is (sd_notify(3)): a dependent unit starts when the
/// server serves, not when its process exists.
/// </summary>
internal static class Systemd
{
    public const string Ready = "READY=1";
    public const string Stopping = "STOPPING=1";

    public static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
        {
            return;
        }

        // An @ stands for the zero byte of a name in Linux's abstract namespace.
        var endpoint = new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.ASCII.GetBytes(state), endpoint);
    }
}
