using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Users.EndToEnd.Tests.Support;

/// <summary>What happens to one connection when so many bytes have passed, both ways together; what is left of a piece goes no
/// further.</summary>
internal sealed record Fault(long Bytes, Fault.Kind Does)
{
    internal enum Kind
    {
        /// <summary>Both sides find the connection reset.</summary>
        Cut,

        /// <summary>Nothing passes any more, and both sides stay connected.</summary>
        Stall,

        /// <summary>Nothing passes until the test says so; then all of it does, and the connection's end too.</summary>
        Hold,
    }
}

/// <summary>A link between a client and a server that a test can break. What breaks it is a number of bytes or the test, never time.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = Ports.Listen();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<Fault> _faults;
    private readonly ConcurrentQueue<Link> _links = [];
    private readonly Task _accepting;

    /// <param name="server">Each connection goes to its process of that moment, on 127.0.0.1.</param>
    /// <param name="faults">One for each connection, in their order; the connections after them have none.</param>
    public TcpProxy(RestartableServer server, params IEnumerable<Fault> faults)
        : this(() => server.Port, faults)
    {
    }

    /// <param name="port">Where each connection goes, on 127.0.0.1.</param>
    /// <param name="faults">One for each connection, in their order; the connections after them have none.</param>
    public TcpProxy(Func<int> port, params IEnumerable<Fault> faults)
    {
        _faults = new(faults);
        _accepting = AcceptAsync(port);
    }

    public string Address => $"http://127.0.0.1:{Ports.Number(_listener)}";

    /// <summary>How long each piece is on its way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How many connections there were.</summary>
    public int Connections => _links.Count;

    /// <summary>Completes when a fault has happened that is not a cut.</summary>
    public TaskCompletionSource Stuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends every <see cref="Fault.Kind.Hold"/>.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when one side has ended the first connection.</summary>
    public Task FirstEnded => _links.First().Ended;

    /// <summary>Cuts the connections that there are.</summary>
    public void Cut()
    {
        foreach (Link link in _links)
        {
            link.Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested)
        {
            return;
        }

        await _ended.CancelAsync();
        await _accepting;
        Cut();
        await Task.WhenAll(_links.Select(link => link.Ended));
        _listener.Dispose();
    }

    private async Task AcceptAsync(Func<int> port)
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_ended.Token);
                _links.Enqueue(new Link(this, client, port(), _faults.TryDequeue(out Fault? fault) ? fault : null));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed class Link
    {
        private readonly TcpProxy _proxy;
        private readonly Socket _client;
        private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly Fault? _fault;
        private readonly Lock _turn = new();
        private long _left;

        public Link(TcpProxy proxy, Socket client, int serverPort, Fault? fault)
        {
            (_proxy, _client, _fault, _left) = (proxy, client, fault, fault?.Bytes ?? long.MaxValue);
            client.NoDelay = true;
            Ended = RunAsync(serverPort);
        }

        public Task Ended { get; }

        public void Cut()
        {
            // Without lingering: a reset, not a goodbye.
            _client.Close(timeout: 0);
            _server.Close(timeout: 0);
        }

        private async Task RunAsync(int serverPort)
        {
            try
            {
                await _server.ConnectAsync(IPAddress.Loopback, serverPort, _proxy._ended.Token);
                // Either direction's end is the connection's.
                await await Task.WhenAny(ForwardAsync(_client, _server), ForwardAsync(_server, _client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Nobody listens, one side is gone, or the test is over.
            }

            Cut();
        }

        private async Task ForwardAsync(Socket from, Socket to)
        {
            byte[] buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer, _proxy._ended.Token) is > 0 and int count)
            {
                await Task.Delay(_proxy.Delay, _proxy._ended.Token);
                int passes = Take(count);
                await to.SendAsync(buffer.AsMemory(0, passes), _proxy._ended.Token);
                if (passes < count)
                {
                    await FailAsync();
                    await to.SendAsync(buffer.AsMemory(passes, count - passes), _proxy._ended.Token);
                }
            }
        }

        private int Take(int count)
        {
            lock (_turn)
            {
                int passes = (int)Math.Min(count, _left);
                _left -= passes;
                return passes;
            }
        }

        private async Task FailAsync()
        {
            switch (_fault!.Does)
            {
                case Fault.Kind.Cut:
                    Cut();
                    break;
                case Fault.Kind.Stall:
                    _proxy.Stuck.TrySetResult();
                    await Task.Delay(Timeout.Infinite, _proxy._ended.Token);
                    break;
                case Fault.Kind.Hold:
                    _proxy.Stuck.TrySetResult();
                    await _proxy.Release.Task.WaitAsync(_proxy._ended.Token);
                    Pass();
                    break;
            }
        }

        private void Pass()
        {
            lock (_turn)
            {
                _left = long.MaxValue;
            }
        }
    }
}
