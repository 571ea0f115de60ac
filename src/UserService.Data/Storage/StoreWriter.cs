using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>
/// The only place that writes. Many callers' work shares a transaction and so a sync of the disk, and each is told once
/// that commit is on it. Work that has begun is never interrupted, since an interrupt would roll back everybody.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const string Savepoint = "SAVEPOINT item";
    private const string Release = "RELEASE item";
    private const string Undo = "ROLLBACK TO item";
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(20);

    private readonly BlockingCollection<WriteItem> _waiting;
    private readonly UsersContext _context;
    private readonly int _maxCommit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly StoreTelemetry _telemetry;

    /// <param name="context">The writer's own; its connection is open.</param>
    /// <param name="options">How many items may wait, and how many share a commit.</param>
    /// <param name="time">Limits how long a commit gathers work.</param>
    /// <param name="logger">Told of commits that fail.</param>
    public StoreWriter(UsersContext context, UserStoreOptions options, TimeProvider time, ILogger logger)
    {
        _context = context;
        // Each item has a savepoint around it already.
        _context.Database.AutoSavepointsEnabled = false;
        _waiting = new BlockingCollection<WriteItem>(options.WriteQueueLength);
        _maxCommit = options.MaxCommit;
        _time = time;
        _logger = logger;
        _telemetry = new StoreTelemetry(() => _waiting.Count);
        // A thread of its own: SQLite's calls block, and a sync may take long.
        _thread = new Thread(Run) { Name = nameof(StoreWriter), IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues work and completes with its result after the commit that holds it.</summary>
    /// <param name="work">Runs inside the transaction; an exception undoes this work alone.</param>
    /// <param name="committed">Runs after the commit, in commit order, before any caller in the commit is told. Must not throw.</param>
    /// <param name="cancellationToken">Counts until the work begins.</param>
    /// <param name="operation">The span's name; left out, the caller's.</param>
    public Task<T> RunAsync<T>(
        Func<UsersContext, T> work, Action<T>? committed, CancellationToken cancellationToken, [CallerMemberName] string operation = "")
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        Activity? span = StoreTelemetry.Begin(operation);
        var item = new WriteItem<T>(work, committed, cancellationToken);
        if (TryQueue(item, out Exception? refusal))
        {
            return StoreTelemetry.During(span, item.Task);
        }

        // Nobody runs it; claiming it lets go of the token.
        item.TryStart();
        return StoreTelemetry.During(span, Task.FromException<T>(refusal));
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _context.Dispose();
        _telemetry.Dispose();
    }

    private bool TryQueue(WriteItem item, [NotNullWhen(false)] out Exception? refusal)
    {
        try
        {
            refusal = _waiting.TryAdd(item) ? null : new StoreBusyException("Too many writes are waiting.");
        }
        catch (InvalidOperationException) when (_waiting.IsAddingCompleted)
        {
            refusal = new ObjectDisposedException(nameof(UserStore));
        }

        return refusal is null;
    }

    private void Run()
    {
        foreach (WriteItem first in _waiting.GetConsumingEnumerable())
        {
            List<WriteItem> group = [];
            try
            {
                Commit(first, group);
            }
            catch (Exception error)
            {
                Log.CommitFailed(_logger, error, group.Count);
                Exception reason = StoreErrors.ForCaller(error);
                group.ForEach(item => item.Fail(reason));
                continue;
            }

            group.ForEach(item => item.Publish());
            group.ForEach(item => item.Complete());
        }
    }

    /// <summary>Runs the first item and those that wait by then in one transaction. What it ran is in the group.</summary>
    private void Commit(WriteItem first, List<WriteItem> group)
    {
        using IDbContextTransaction transaction = Begin(first, group);
        long start = _time.GetTimestamp();
        for (WriteItem? item = first; item is not null; item = Next(group.Count, start))
        {
            if (item.TryStart())
            {
                group.Add(item);
                Execute(item, group);
            }
        }

        transaction.Commit();
        _telemetry.Committed(group.Count, _time.GetElapsedTime(start));
    }

    private IDbContextTransaction Begin(WriteItem first, List<WriteItem> group)
    {
        try
        {
            return _context.Database.BeginTransaction();
        }
        catch (Exception)
        {
            // Another program held the database for the whole timeout: that one wait answers all who wait by now.
            for (WriteItem? item = first; item is not null; item = _waiting.TryTake(out WriteItem? next) ? next : null)
            {
                if (item.TryStart())
                {
                    group.Add(item);
                }
            }

            throw;
        }
    }

    private WriteItem? Next(int count, long start) =>
        count < _maxCommit && _time.GetElapsedTime(start) < GroupTime && _waiting.TryTake(out WriteItem? item) ? item : null;

    private void Execute(WriteItem item, List<WriteItem> group)
    {
        _context.Prepare(Savepoint).Execute();
        try
        {
            item.Execute(_context);
            _context.Prepare(Release).Execute();
        }
        catch (Exception error)
        {
            // SQLite answers a full disk by rolling back everything; then this item's neighbours fail with it.
            if (!TryUndo())
            {
                throw;
            }

            group.Remove(item);
            item.Fail(StoreErrors.ForCaller(error));
        }
        finally
        {
            _context.ChangeTracker.Clear();
        }
    }

    private bool TryUndo()
    {
        try
        {
            _context.Prepare(Undo).Execute();
            _context.Prepare(Release).Execute();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
