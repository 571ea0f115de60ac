using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Users.Data;

/// <summary>Readers whose connection stays open between two reads.</summary>
internal sealed class ReaderPool(IStoreEngine engine) : IDisposable
{
    private static readonly int IdleLimit = 2 * Environment.ProcessorCount;
    private readonly ConcurrentQueue<IStoreReader> _idle = new();
    // Of those in the queue, or about to be: two that come back at once must not both take the last place.
    private int _count;
    private volatile bool _disposed;

    /// <summary>Runs a query on a reader of its own; one that fails takes its connection with it.</summary>
    /// <param name="read">A static function, so that a read makes no object for it.</param>
    /// <param name="key">What it reads.</param>
    /// <param name="cancellationToken">Passed on to the query.</param>
    /// <param name="operation">The span's name; left out, the caller's.</param>
    public ValueTask<T> ReadAsync<TKey, T>(
        Func<IStoreReader, TKey, CancellationToken, ValueTask<T>> read,
        TKey key,
        CancellationToken cancellationToken,
        [CallerMemberName] string operation = "")
    {
        cancellationToken.ThrowIfCancellationRequested();
        Activity? span = StoreTelemetry.Begin(engine.System, operation);
        IStoreReader? reader = null;
        try
        {
            reader = Take();
            reader.Begin();
            ValueTask<T> reading = read(reader, key, cancellationToken);
            if (reading.IsCompletedSuccessfully)
            {
                // At once, as SQLite reads, and without a task.
                Return(reader);
                span?.Dispose();
                return reading;
            }

            return new ValueTask<T>(StoreTelemetry.During(span, FinishAsync(reader, reading)));
        }
        catch (Exception error)
        {
            reader?.Dispose();
            span?.Dispose();
            // The same error keeps its own stack.
            ExceptionDispatchInfo.Throw(engine.ForCaller(error));
            throw;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryDequeue(out IStoreReader? reader))
        {
            reader.Dispose();
        }
    }

    private async Task<T> FinishAsync<T>(IStoreReader reader, ValueTask<T> reading)
    {
        try
        {
            T result = await reading;
            Return(reader);
            return result;
        }
        catch (Exception error)
        {
            reader.Dispose();
            ExceptionDispatchInfo.Throw(engine.ForCaller(error));
            throw;
        }
    }

    private IStoreReader Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryDequeue(out IStoreReader? idle))
        {
            return engine.OpenReader();
        }

        Interlocked.Decrement(ref _count);
        return idle;
    }

    private void Return(IStoreReader reader)
    {
        reader.End();
        if (Interlocked.Increment(ref _count) > IdleLimit)
        {
            Interlocked.Decrement(ref _count);
            reader.Dispose();
            return;
        }

        _idle.Enqueue(reader);
        if (_disposed)
        {
            Dispose();
        }
    }
}
