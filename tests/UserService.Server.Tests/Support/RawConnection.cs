using System.Net.Sockets;
using System.Text;

namespace Users.Server.Tests.Support;

/// <summary>A connection whose bytes a test chooses.</summary>
internal static class RawConnection
{
    /// <summary>Sends the bytes, says nothing more, and answers what was heard until the server closed the connection.</summary>
    public static async Task<string> SendAsync(string address, byte[] bytes, bool isEnd = false)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var uri = new Uri(address);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(uri.Host, uri.Port, token);
        var heard = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            await client.Client.SendAsync(bytes, token);
            if (isEnd)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            while (await client.Client.ReceiveAsync(buffer, token).AsTask().WaitAsync(TimeSpan.FromSeconds(25), token) is var count and > 0)
            {
                heard.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // It may also be reset.
        }

        return Encoding.Latin1.GetString(heard.ToArray());
    }
}
