using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Users.Server.Hosting;

/// <summary>
/// Accepts a connection only while there is a handle for it. One beyond <c>Limits:MaxConnections</c> is accepted before it is closed, and a
/// flood of those alone would use up the process's handles, where the runtime ends it. Further ones wait in the system's queue.
/// </summary>
/// <param name="inner">Accepts.</param>
/// <param name="free">A place for each connection that may be open at once, on all endpoints together.</param>
internal sealed class BoundedAccept(IConnectionListenerFactory inner, SemaphoreSlim free) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), free);

    private sealed class Listener(IConnectionListener inner, SemaphoreSlim free) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await free.WaitAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            ConnectionContext? connection = null;
            try
            {
                connection = await inner.AcceptAsync(cancellationToken);
                return connection;
            }
            finally
            {
                if (connection is null)
                {
                    free.Release();
                }
                else
                {
                    connection.ConnectionClosed.UnsafeRegister(static free => ((SemaphoreSlim)free!).Release(), free);
                }
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _unbound.Dispose();
        }
    }
}
