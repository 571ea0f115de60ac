namespace Users.Data;

/// <summary>
/// What memory holds of a room with subscribers: its end, its latest messages, and the subscribers that wait for the next.
/// </summary>
internal sealed class ChatRoom(string name, int tailLength)
{
    private readonly Lock _lock = new();
    // The message of sequence n, if it is among the latest, is at n modulo the length.
    private readonly ChatEntry?[] _tail = new ChatEntry?[tailLength];
    private TaskCompletionSource _next = NewSignal();
    private long _end;
    // The sequence of the oldest message in the tail, and what those in it take.
    private long _oldest;
    private int _bytes;

    public string Name { get; } = name;

    /// <summary>How many follow; guarded by the log's lock, not by this room's.</summary>
    public int Subscribers { get; set; }

    /// <summary>The sequence of the last committed message.</summary>
    public long End => Interlocked.Read(ref _end);

    /// <summary>Completes at the next message, or sooner. Take it before looking for messages, or one in between is slept through.</summary>
    public Task Next
    {
        get
        {
            lock (_lock)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Adds committed messages, at least one and in order, and wakes the subscribers that wait.</summary>
    public void Append(IReadOnlyList<ChatEntry> entries)
    {
        lock (_lock)
        {
            foreach (ChatEntry entry in entries)
            {
                Keep(entry);
            }

            _end = Math.Max(_end, entries[^1].Sequence);
        }

        Wake();
    }

    /// <summary>Wakes the subscribers that wait, so that each looks again at what there is for it.</summary>
    public void Wake()
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            signal = _next;
            _next = NewSignal();
        }

        signal.SetResult();
    }

    /// <summary>Learns from the table how far the room reaches; a message published meanwhile may have gone further.</summary>
    public void ReachAtLeast(long sequence)
    {
        lock (_lock)
        {
            _end = Math.Max(_end, sequence);
        }
    }

    /// <summary>The messages that follow on from a position; none if the tail no longer holds the first of them.</summary>
    public List<ChatEntry> ReadTail(long position, int count)
    {
        List<ChatEntry> entries = [];
        int bytes = 0;
        lock (_lock)
        {
            while (entries.Count < count && bytes < PageBytes.MaxMessages
                && _tail[++position % _tail.Length] is { } entry && entry.Sequence == position)
            {
                entries.Add(entry);
                bytes += PageBytes.Of(entry);
            }
        }

        return entries;
    }

    private void Keep(ChatEntry entry)
    {
        if (_bytes == 0)
        {
            _oldest = entry.Sequence;
        }

        while (_oldest < entry.Sequence && (_bytes + PageBytes.Of(entry) > PageBytes.MaxTail || entry.Sequence - _oldest >= _tail.Length))
        {
            ref ChatEntry? oldest = ref _tail[_oldest++ % _tail.Length];
            _bytes -= PageBytes.Of(oldest!);
            oldest = null;
        }

        _tail[entry.Sequence % _tail.Length] = entry;
        _bytes += PageBytes.Of(entry);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
