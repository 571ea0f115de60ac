namespace Users.Data;

/// <summary>
/// The work that waits for the writer, and which of it may share a commit. Each caller's single writes come in their order; the batches of
/// imports give way to them, but for one commit at most.
/// </summary>
internal sealed class WriteQueue(UserStoreOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    // Never disposed: the writer's thread may wait on it, and it holds no handle until one is asked for.
    private readonly ManualResetEventSlim _arrived = new();
    private readonly Queue<QueuedWrite> _singles = new();
    private readonly Queue<QueuedWrite> _batches = new();
    private bool _closed;
    // The last commit left batches where they were.
    private bool _batchIsDue;
    private bool _wasShared;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _singles.Count + _batches.Count;
            }
        }
    }

    /// <summary>Why the item cannot wait here; null: it does.</summary>
    public Exception? Add(QueuedWrite item)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return new ObjectDisposedException(nameof(UserStore));
            }

            if (_singles.Count + _batches.Count >= options.WriteQueueLength)
            {
                return new StoreBusyException("Too many writes are waiting.");
            }

            (item.Item.GivesWay ? _batches : _singles).Enqueue(item);
            _arrived.Set();
            return null;
        }
    }

    /// <summary>Takes no more; what waits is still handed out.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _arrived.Set();
        }
    }

    /// <summary>The next item, for which it waits, until the queue is closed and empty.</summary>
    public IEnumerable<QueuedWrite> Firsts()
    {
        while (true)
        {
            _arrived.Wait();
            if (Take() is { } item)
            {
                yield return item;
            }
            else if (_closed)
            {
                yield break;
            }
        }
    }

    /// <summary>The first item of a commit, and then those that wait, as they are started; the cancelled ones are left out.</summary>
    public IEnumerable<QueuedWrite> Group(QueuedWrite first)
    {
        long start = time.GetTimestamp();
        int count = 0;
        bool hasBatch = false;
        for (QueuedWrite? item = first; item is not null; item = Next(count, start))
        {
            if (item.TryStart())
            {
                count++;
                hasBatch |= item.Item.GivesWay;
                yield return item;
            }
        }

        _wasShared = count > 1;
        lock (_lock)
        {
            _batchIsDue = !hasBatch && _batches.Count > 0;
        }
    }

    /// <summary>The first item and all that wait by now, started, for one answer to all of them.</summary>
    public IEnumerable<QueuedWrite> All(QueuedWrite first)
    {
        for (QueuedWrite? item = first; item is not null; item = Take())
        {
            if (item.TryStart())
            {
                yield return item;
            }
        }
    }

    // Where callers share the writer's core, those of a commit that was shared may be about to write again: 15 % more creates from ten
    // callers. A caller that is alone waits for no other.
    private QueuedWrite? Next(int count, long start) =>
        count >= options.MaxCommit || time.GetElapsedTime(start) >= GroupTime ? null
        : Take() ?? (_wasShared && Thread.Yield() ? Take() : null);

    private QueuedWrite? Take()
    {
        lock (_lock)
        {
            if ((_batchIsDue && _batches.TryDequeue(out QueuedWrite? item)) || _singles.TryDequeue(out item) || _batches.TryDequeue(out item))
            {
                _batchIsDue &= !item.Item.GivesWay;
                return item;
            }

            if (!_closed)
            {
                _arrived.Reset();
            }

            return null;
        }
    }
}
