using System.Net;
using System.Net.Sockets;

namespace Users.Client.Tests.Support;

/// <summary>A peer that resets each connection when it has read the first bytes.</summary>
internal sealed class CuttingPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _running;

    public CuttingPeer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections there were.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        byte[] buffer = new byte[1024];
        while (true)
        {
            using Socket client = await _listener.AcceptSocketAsync(_ended.Token);
            Connections++;
            await client.ReceiveAsync(buffer, _ended.Token);
            // Without lingering: a reset, not a goodbye.
            client.Close(timeout: 0);
        }
    }
}
