using System.Collections.Concurrent;

namespace Users.Data.Sqlite.FastPath;

/// <summary>
/// Lets readers keep their transaction from one read to the next while nothing is written: SQLite takes two locks of the file for each transaction,
/// which is a sixth of what GetUser costs. One that outlived a commit would show the state before it, and keep the log from
/// beginning anew, so the writer ends them before it commits, and none begins until it has.
/// </summary>
internal sealed class Snapshots
{
    private readonly ConcurrentDictionary<Snapshot, bool> _all = [];
    private int _version;

    /// <summary>Another one after each commit, and odd while one is under way.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <param name="statements">Of a reader's connection.</param>
    public Snapshot Add(PreparedStatements statements)
    {
        var snapshot = new Snapshot(this, statements);
        _all.TryAdd(snapshot, true);
        return snapshot;
    }

    public void Remove(Snapshot snapshot) => _all.TryRemove(snapshot, out _);

    public void BeginCommit()
    {
        Interlocked.Increment(ref _version);
        EndIdle();
    }

    /// <summary>Before any caller hears of the commit, since each must find in it what it has written.</summary>
    public void EndCommit() => Interlocked.Increment(ref _version);

    /// <summary>Ends those that no read is in; a read that is under way ends its own.</summary>
    public void EndIdle()
    {
        foreach ((Snapshot snapshot, _) in _all)
        {
            snapshot.EndIdle();
        }
    }
}
