using System.Net.Sockets;

namespace Users.Server.Hosting;

internal static class UnixSockets
{
    /// <summary>
    /// Deletes the socket that a killed server left behind, since no server can listen where a file is. It is left behind when no process
    /// accepts on it; one that is in use stays, and so does a file that is no socket.
    /// </summary>
    public static void RemoveStale(string url)
    {
        BindingAddress address = BindingAddress.Parse(url);
        if (!OperatingSystem.IsWindows() && address.IsUnixPipe && IsRefused(address.UnixPipePath) && !IsFile(address.UnixPipePath))
        {
            File.Delete(address.UnixPipePath);
        }
    }

    private static bool IsRefused(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException error)
        {
            // Also for a file of another kind.
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    // A socket cannot be opened as a file is. For reading alone, the system would wait at a named pipe.
    private static bool IsFile(string path)
    {
        try
        {
            using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }
}
