using System.Collections.Concurrent;

namespace Users.Data;

/// <summary>The work that waits for the writer, in the order in which it came, and which of it may share a commit.</summary>
internal sealed class WriteQueue(UserStoreOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(20);

    private readonly BlockingCollection<QueuedWrite> _items = new(options.WriteQueueLength);
    private bool _wasShared;

    public int Count => _items.Count;

    /// <summary>Why the item cannot wait here; null: it does.</summary>
    public Exception? Add(QueuedWrite item)
    {
        try
        {
            return _items.TryAdd(item) ? null : new StoreBusyException("Too many writes are waiting.");
        }
        catch (InvalidOperationException) when (_items.IsAddingCompleted)
        {
            return new ObjectDisposedException(nameof(UserStore));
        }
    }

    /// <summary>Takes no more; what waits is still handed out. The collection holds nothing that must be freed, and may be asked on.</summary>
    public void Dispose() => _items.CompleteAdding();

    /// <summary>The next item, for which it waits, until the queue is closed and empty.</summary>
    public IEnumerable<QueuedWrite> Firsts() => _items.GetConsumingEnumerable();

    /// <summary>The first item of a commit, and then those that wait, as they are started; the cancelled ones are left out.</summary>
    public IEnumerable<QueuedWrite> Group(QueuedWrite first)
    {
        long start = time.GetTimestamp();
        int count = 0;
        for (QueuedWrite? item = first; item is not null; item = Next(count, start))
        {
            if (item.TryStart())
            {
                count++;
                yield return item;
            }
        }

        _wasShared = count > 1;
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
    // callers. One caller alone has nobody to wait for.
    private QueuedWrite? Next(int count, long start) =>
        count >= options.MaxCommit || time.GetElapsedTime(start) >= GroupTime ? null
        : Take() ?? (_wasShared && Thread.Yield() ? Take() : null);

    private QueuedWrite? Take() => _items.TryTake(out QueuedWrite? item) ? item : null;
}
