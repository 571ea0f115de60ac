using System.Diagnostics;
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
    private readonly WriteQueue _queue;
    private readonly UsersContext _context;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly StoreTelemetry _telemetry;

    /// <param name="context">The writer's own; its connection is open.</param>
    /// <param name="options">How many items may wait, and how many share a commit.</param>
    /// <param name="time">Limits how long a commit gathers work, and measures it.</param>
    /// <param name="logger">Told of commits that fail.</param>
    public StoreWriter(UsersContext context, UserStoreOptions options, TimeProvider time, ILogger logger)
    {
        _context = context;
        // An item that fails is undone with its commit, so SaveChanges needs no savepoint.
        _context.Database.AutoSavepointsEnabled = false;
        _queue = new WriteQueue(options, time);
        _time = time;
        _logger = logger;
        _telemetry = new StoreTelemetry(() => _queue.Count);
        // A thread of its own: SQLite's calls block, and a sync may take long.
        _thread = new Thread(Run) { Name = nameof(StoreWriter), IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues work and completes with its result after the commit that holds it.</summary>
    /// <param name="work">
    /// Runs inside the transaction. If an exception, its own or another's, rolls that back, it runs once more, in a transaction of its own.
    /// </param>
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
        if (_queue.Add(item) is not { } refusal)
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
        _queue.Dispose();
        _thread.Join();
        _context.Dispose();
        _telemetry.Dispose();
    }

    private void Run()
    {
        foreach (WriteItem first in _queue.Firsts())
        {
            List<WriteItem> group = [];
            try
            {
                if (!TryCommit(first, group))
                {
                    group.ForEach(CommitAlone);
                    continue;
                }
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

    /// <summary>
    /// Runs the first item and those that wait by then in one transaction. What it ran is in the group. False: one of them failed, and
    /// nothing is written. So rare a thing costs the group a second run, instead of each item a savepoint.
    /// </summary>
    private bool TryCommit(WriteItem first, List<WriteItem> group)
    {
        using IDbContextTransaction transaction = Begin(first, group);
        long start = _time.GetTimestamp();
        foreach (WriteItem item in _queue.Group(first))
        {
            group.Add(item);
            if (!TryExecute(item))
            {
                return false;
            }
        }

        transaction.Commit();
        _telemetry.Committed(group.Count, _time.GetElapsedTime(start));
        return true;
    }

    private bool TryExecute(WriteItem item)
    {
        try
        {
            Execute(item);
            return true;
        }
        catch (Exception)
        {
            // It throws again when it runs alone, and tells its caller then.
            return false;
        }
    }

    private void CommitAlone(WriteItem item)
    {
        try
        {
            using IDbContextTransaction transaction = _context.Database.BeginTransaction();
            long start = _time.GetTimestamp();
            Execute(item);
            transaction.Commit();
            _telemetry.Committed(1, _time.GetElapsedTime(start));
        }
        catch (Exception error)
        {
            item.Fail(StoreErrors.ForCaller(error));
            return;
        }

        item.Publish();
        item.Complete();
    }

    private void Execute(WriteItem item)
    {
        try
        {
            item.Execute(_context);
        }
        finally
        {
            _context.ChangeTracker.Clear();
        }
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
            group.AddRange(_queue.All(first));
            throw;
        }
    }
}
