using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>
/// The only place that writes. Many callers' items share a commit, and so a sync of the disk; each caller gets its answer once that commit
/// is on the disk. An item that has begun is never interrupted, since an interrupt would roll back all items of the commit.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly WriteQueue _queue;
    private readonly IStoreEngine _store;
    private readonly IWriteEngine _engine;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly StoreTelemetry _telemetry;

    /// <param name="store">Opens the writer's own connection.</param>
    /// <param name="rows">The writer's own.</param>
    /// <param name="options">How many items may wait, and how many share a commit.</param>
    /// <param name="time">Limits how long a commit gathers items, and measures it.</param>
    /// <param name="logger">Gets a line for each commit that fails.</param>
    public StoreWriter(IStoreEngine store, NewRows rows, UserStoreOptions options, TimeProvider time, ILogger logger)
    {
        _store = store;
        _engine = store.OpenWriter(rows);
        _queue = new WriteQueue(options, time);
        _time = time;
        _logger = logger;
        _telemetry = new StoreTelemetry(() => _queue.Count);
        // A thread of its own: SQLite's calls block, and a sync may take long.
        _thread = new Thread(Run) { Name = nameof(StoreWriter), IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues an item and completes with its outcome after the commit that holds it.</summary>
    /// <param name="item">Runs in a transaction of its own if another item, or itself, made the shared one fail.</param>
    /// <param name="committed">Runs after the commit, in commit order, before any caller in it gets its answer. Must not throw.</param>
    /// <param name="cancellationToken">Counts until the item begins.</param>
    /// <param name="operation">The span's name; left out, the caller's.</param>
    public Task<T> RunAsync<T>(
        WriteItem<T> item, Action<T>? committed, CancellationToken cancellationToken, [CallerMemberName] string operation = "")
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        Activity? span = StoreTelemetry.Begin(_store.System, operation);
        var write = new QueuedWrite<T>(item, committed, cancellationToken);
        if (_queue.Add(write) is not { } refusal)
        {
            return StoreTelemetry.During(span, write.Task);
        }

        // Nobody runs it; claiming it lets go of the token.
        write.TryStart();
        return StoreTelemetry.During(span, Task.FromException<T>(refusal));
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _thread.Join();
        _engine.Dispose();
        _telemetry.Dispose();
    }

    private void Run()
    {
        foreach (QueuedWrite first in _queue.Firsts())
        {
            List<QueuedWrite> group = [];
            try
            {
                if (Commit(Begin(first, group), group) is not null)
                {
                    // So rare a thing costs the group a second run, instead of each item a savepoint.
                    group.ForEach(CommitAlone);
                }
            }
            catch (Exception error)
            {
                if (group.Count == 0)
                {
                    // Another program held the database for the whole timeout: that one wait is the answer to all callers that wait by now.
                    group.AddRange(_queue.All(first));
                }

                Exception reason = _store.ForCaller(error);
                // A full disk fails again and again, and each caller has a line of its own; what has a fault was said once, with it.
                if (_store.Fault is null && reason is not StoreFullException)
                {
                    Log.CommitFailed(_logger, error, group.Count);
                }

                group.ForEach(write => write.Fail(reason));
            }
        }
    }

    private void CommitAlone(QueuedWrite write)
    {
        try
        {
            if (Commit([write.Item], [write]) is { } failure)
            {
                write.Fail(_store.ForCaller(failure));
            }
        }
        catch (Exception error)
        {
            write.Fail(_store.ForCaller(error));
        }
    }

    /// <summary>Tells the callers, unless an item failed: then it says with what, and nothing is written.</summary>
    private Exception? Commit(IEnumerable<WriteItem> items, List<QueuedWrite> group)
    {
        long start = _time.GetTimestamp();
        if (_store.Fault is { } fault)
        {
            throw fault;
        }

        ValueTask<Exception?> commit = _engine.CommitAsync(items);
        if ((commit.IsCompleted ? commit.Result : commit.AsTask().GetAwaiter().GetResult()) is { } failure)
        {
            return failure;
        }

        _telemetry.Committed(group.Count, _time.GetElapsedTime(start));
        group.ForEach(write => write.Publish());
        group.ForEach(write => write.Complete());
        return null;
    }

    /// <summary>The items of a commit as the engine takes them, each noted in the group.</summary>
    private IEnumerable<WriteItem> Begin(QueuedWrite first, List<QueuedWrite> group)
    {
        foreach (QueuedWrite write in _queue.Group(first))
        {
            group.Add(write);
            yield return write.Item;
        }
    }
}
