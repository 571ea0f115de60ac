using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Users.Data;

/// <summary>
/// Contexts for reading, kept with their connection open: EF registers its SQL functions on every open, which halves the
/// speed of a small query. Reads never wait for the writer, since the database is in WAL mode.
/// </summary>
internal sealed class ReaderPool(Func<UsersContext> open) : IDisposable
{
    private static readonly int IdleLimit = 2 * Environment.ProcessorCount;
    private readonly ConcurrentQueue<UsersContext> _idle = new();
    private volatile bool _disposed;

    /// <summary>Reads with EF Core.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<UsersContext, Task<T>> read, [CallerMemberName] string operation = "")
    {
        using Activity? span = StoreTelemetry.Begin(operation);
        UsersContext? context = null;
        try
        {
            context = Take();
            T result = await read(context);
            Return(context);
            return result;
        }
        catch (Exception error)
        {
            context?.Dispose();
            // The same error keeps its own stack.
            ExceptionDispatchInfo.Throw(StoreErrors.ForCaller(error));
            throw;
        }
    }

    /// <summary>Reads with a prepared statement: at once, as SQLite does, and without a task.</summary>
    public T Read<TKey, T>(Func<UsersContext, TKey, T> read, TKey key, [CallerMemberName] string operation = "")
    {
        using Activity? span = StoreTelemetry.Begin(operation);
        UsersContext? context = null;
        try
        {
            context = Take();
            T result = read(context, key);
            Return(context);
            return result;
        }
        catch (Exception error)
        {
            context?.Dispose();
            // The same error keeps its own stack.
            ExceptionDispatchInfo.Throw(StoreErrors.ForCaller(error));
            throw;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryDequeue(out UsersContext? context))
        {
            context.Dispose();
        }
    }

    private UsersContext Take()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _idle.TryDequeue(out UsersContext? idle) ? idle : open();
    }

    private void Return(UsersContext context)
    {
        if (_idle.Count >= IdleLimit)
        {
            context.Dispose();
            return;
        }

        _idle.Enqueue(context);
        if (_disposed)
        {
            Dispose();
        }
    }
}
