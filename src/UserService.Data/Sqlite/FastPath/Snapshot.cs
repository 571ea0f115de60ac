using Microsoft.Data.Sqlite;

namespace Users.Data.Sqlite.FastPath;

/// <summary>The transaction that one reader keeps between its reads.</summary>
internal sealed class Snapshot(Snapshots all, PreparedStatements statements) : IDisposable
{
    // What another program writes into the file, such as the command line of sqlite3, is seen so much later; and a reader with more time
    // than this between two reads keeps nothing.
    private const long MaxMilliseconds = 10;

    // Who uses the connection: nobody, its reader, or the writer, which ends the transaction.
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Ending = 2;

    private int _use;
    private bool _isOpen;
    private int _version;
    private long _begun;
    private long _lastKept;

    /// <summary>Before a read: the transaction is as new as the last commit, or there is none.</summary>
    public void Begin()
    {
        Take();
        if (_isOpen && (_version != all.Version || Environment.TickCount64 - _begun >= MaxMilliseconds))
        {
            Close();
        }
    }

    /// <summary>In a read of few rows: the transaction stays for the next one.</summary>
    public void Keep()
    {
        long now = Environment.TickCount64;
        bool isBusy = now - _lastKept < MaxMilliseconds;
        _lastKept = now;
        // SQLite takes the snapshot at the first read that follows. One that has a newer commit in it is ended a little early.
        int version = all.Version;
        if (isBusy && !_isOpen && version % 2 == 0)
        {
            statements["BEGIN"].Execute();
            (_isOpen, _version, _begun) = (true, version, now);
        }
    }

    /// <summary>After a read that did not fail.</summary>
    public void End()
    {
        (bool isOpen, int version) = (_isOpen, _version);
        Interlocked.Exchange(ref _use, Idle);
        // A commit that began during the read has found it in use.
        if (isOpen && version != all.Version)
        {
            EndIdle();
        }
    }

    /// <summary>Ends the transaction, unless a read is under way, which does so itself.</summary>
    public void EndIdle()
    {
        if (Interlocked.CompareExchange(ref _use, Ending, Idle) == Idle)
        {
            if (_isOpen)
            {
                Close();
            }

            Interlocked.Exchange(ref _use, Idle);
        }
    }

    /// <summary>Comes before the connection is closed, which ends the transaction.</summary>
    public void Dispose()
    {
        Take();
        all.Remove(this);
    }

    // A read that failed has it still.
    private void Take()
    {
        SpinWait wait = default;
        while (Interlocked.CompareExchange(ref _use, Reading, Idle) == Ending)
        {
            wait.SpinOnce();
        }
    }

    private void Close()
    {
        _isOpen = false;
        try
        {
            statements["ROLLBACK"].Execute();
        }
        catch (SqliteException)
        {
            // SQLite has ended it already, after an error. Neither a commit nor the timer that asks for this can do more.
        }
    }
}
