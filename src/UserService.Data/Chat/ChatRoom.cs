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
    // Whether the table has said where the room ends.
    private bool _isKnown;
    // The sequences of the oldest and the newest message in the tail, and what those in it take.
    private long _oldest;
    private long _newest;
    private int _bytes;
    // How far another process has brought the room, and whether it is being read up to there.
    private long _goal;
    private bool _catchesUp;

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

    /// <summary>How far the room is read, while another process has brought it further; null: it is read to its end.</summary>
    public long? Missing
    {
        get
        {
            lock (_lock)
            {
                _catchesUp &= _end < _goal;
                return _catchesUp ? _end : null;
            }
        }
    }

    /// <summary>
    /// Adds committed messages, at least one and in order, and wakes the subscribers that wait. False: they do not follow on what is known, as
    /// another process has appended in between.
    /// </summary>
    public bool TryAppend(IReadOnlyList<ChatEntry> entries)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            if (_isKnown && entries[0].Sequence > _end + 1)
            {
                return false;
            }

            for (int i = 0; i < entries.Count; i++)
            {
                if (entries[i].Sequence > _end)
                {
                    Keep(entries[i]);
                    _end = entries[i].Sequence;
                }
            }

            signal = Renew();
        }

        signal.SetResult();
        return true;
    }

    /// <summary>Learns from the table how far the room reaches. False: it is known, and reaches less far.</summary>
    public bool TryBegin(long last)
    {
        lock (_lock)
        {
            if (_isKnown)
            {
                return last <= _end;
            }

            _isKnown = true;
            _end = Math.Max(_end, Math.Max(last, _goal));
            return true;
        }
    }

    /// <summary>Another process has brought the room so far. True: the caller has to read it up to there.</summary>
    public bool TryCatchUp(long last)
    {
        lock (_lock)
        {
            _goal = Math.Max(_goal, last);
            if (!_isKnown || _catchesUp || _goal <= _end)
            {
                return false;
            }

            return _catchesUp = true;
        }
    }

    /// <summary>Ends the catching up with what the table says of the room's end: what was missing was pruned, or was never said.</summary>
    public void EndAt(long last)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            _end = Math.Max(_end, last);
            _goal = _end;
            signal = Renew();
        }

        signal.SetResult();
    }

    /// <summary>The table cannot be read: the next time that another process appends, or is said to have, it is tried again.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            _catchesUp = false;
        }
    }

    /// <summary>Wakes the subscribers that wait, so that each looks again at what there is for it.</summary>
    public void Wake()
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            signal = Renew();
        }

        signal.SetResult();
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
        if (_bytes == 0 || entry.Sequence != _newest + 1)
        {
            Array.Clear(_tail);
            (_oldest, _bytes) = (entry.Sequence, 0);
        }

        _newest = entry.Sequence;
        while (_oldest < entry.Sequence && (_bytes + PageBytes.Of(entry) > PageBytes.MaxTail || entry.Sequence - _oldest >= _tail.Length))
        {
            ref ChatEntry? oldest = ref _tail[_oldest++ % _tail.Length];
            _bytes -= PageBytes.Of(oldest!);
            oldest = null;
        }

        _tail[entry.Sequence % _tail.Length] = entry;
        _bytes += PageBytes.Of(entry);
    }

    // Under the lock; what it returns is raised outside of it.
    private TaskCompletionSource Renew()
    {
        TaskCompletionSource signal = _next;
        _next = NewSignal();
        return signal;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
