using System.Net.Sockets;
using Users.Server.Settings;

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

    /// <summary>What gives an endpoint's socket the mode that its setting names, once it is there.</summary>
    /// <returns>Null for an endpoint without the setting.</returns>
    public static SocketMode? ModeOf(IConfigurationSection endpoint)
    {
        const string Setting = "UnixFileMode";
        if (endpoint[Setting] is not { Length: > 0 } octal)
        {
            return null;
        }

        BindingAddress address = BindingAddress.Parse(endpoint["Url"]!);
        return !address.IsUnixPipe ? throw BadSetting.Because($"{endpoint.Path}:{Setting} is for an endpoint on a Unix domain socket, not for {endpoint["Url"]}.")
            : octal.Length is < 3 or > 4 || octal.Any(digit => digit is < '0' or > '7')
                ? throw BadSetting.Because($"{endpoint.Path}:{Setting} cannot be '{octal}': write three octal digits, as in 660.")
            : new SocketMode(address.UnixPipePath, (UnixFileMode)Convert.ToInt32(octal, 8));
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
