using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Users.Client.Tests.Support;

/// <summary>
/// A peer that takes one call on its first connection, and then says GOAWAY: it has dealt with none. Later connections lead to a server.
/// </summary>
internal sealed class GoAwayRelay : IAsyncDisposable
{
    private const int HeaderLength = 9;
    private const byte Data = 0;
    private const byte EndStream = 1;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;

    /// <param name="server">Where later connections lead.</param>
    /// <param name="wholeRequest">Whether the first call's request is taken to its end, rather than to its first message.</param>
    public GoAwayRelay(Uri server, bool wholeRequest = true)
    {
        _listener.Start();
        _running = RunAsync(server, wholeRequest);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task RunAsync(Uri server, bool wholeRequest)
    {
        using TcpClient first = await _listener.AcceptTcpClientAsync(_ended.Token);
        await RefuseCallAsync(first.GetStream(), wholeRequest);
        while (true)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(_ended.Token);
            using var behind = new TcpClient();
            await behind.ConnectAsync(server.Host, server.Port, _ended.Token);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(behind.GetStream(), _ended.Token), behind.GetStream().CopyToAsync(client.GetStream(), _ended.Token));
        }
    }

    private async Task RefuseCallAsync(NetworkStream stream, bool wholeRequest)
    {
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        byte[] goAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, /* the last stream */ 0, 0, 0, 0, /* NO_ERROR */ 0, 0, 0, 0];
        await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length], _ended.Token);
        await stream.WriteAsync(settings, _ended.Token);
        byte[] header = new byte[HeaderLength];
        do
        {
            await stream.ReadExactlyAsync(header, _ended.Token);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian([0, .. header.AsSpan(0, 3)])], _ended.Token);
        }
        while (header[3] != Data || (wholeRequest && (header[4] & EndStream) == 0));
        await stream.WriteAsync(goAway, _ended.Token);
    }
}
