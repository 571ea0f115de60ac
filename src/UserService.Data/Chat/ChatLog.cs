namespace Users.Data;

/// <summary>The rooms: each an append-only log, which subscribers follow from a position of their own.</summary>
public sealed class ChatLog
{
    /// <summary>The most messages in one <see cref="PostAsync"/>, so that other writes need not wait long behind it.</summary>
    public const int MaxPost = 256;

    private readonly ReaderPool _readers;
    private readonly StoreWriter _writer;
    private readonly int _tailLength;
    private readonly bool _speakersAreUsers;
    // Only the rooms with subscribers; any other costs nothing.
    private readonly Dictionary<string, ChatRoom> _rooms = [];

    internal ChatLog(ReaderPool readers, StoreWriter writer, int tailLength, bool speakersAreUsers)
    {
        _readers = readers;
        _writer = writer;
        _tailLength = tailLength;
        _speakersAreUsers = speakersAreUsers;
    }

    /// <summary>How many rooms have subscribers.</summary>
    public int RoomCount
    {
        get
        {
            lock (_rooms)
            {
                return _rooms.Count;
            }
        }
    }

    /// <summary>How many subscriptions are open, in all rooms.</summary>
    public int SubscriberCount
    {
        get
        {
            lock (_rooms)
            {
                return _rooms.Values.Sum(room => room.Subscribers);
            }
        }
    }

    /// <summary>
    /// Appends up to <see cref="MaxPost"/> messages to a room, one after the other, and completes once they are on disk. One that was said
    /// before under its request id is not said again. Throws and cancels like <see cref="UserRepository"/>'s writes.
    /// </summary>
    public Task<Posted> PostAsync(string room, string userId, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messages.Count, MaxPost, nameof(messages));
        return _writer.RunAsync(new PostMessages(room, userId, messages, _speakersAreUsers), Publish, cancellationToken);
    }

    /// <summary>
    /// Follows a room after <paramref name="afterSequence"/> (0: from its first message; null: only what comes after now).
    /// Null: the room does not reach that far.
    /// </summary>
    public async ValueTask<ChatSubscription?> SubscribeAsync(string room, long? afterSequence, CancellationToken cancellationToken)
    {
        // Entering comes before reading the end: what is committed after the read is then published to the room.
        ChatRoom entered = Enter(room);
        bool follows = false;
        try
        {
            entered.ReachAtLeast(await _readers.ReadAsync(
                static (reader, room, token) => reader.LastSequenceAsync(room, token), room, cancellationToken));
            long end = entered.End;
            follows = afterSequence is null || afterSequence <= end;
            return follows ? new ChatSubscription(this, entered, afterSequence ?? end) : null;
        }
        finally
        {
            if (!follows)
            {
                Leave(entered);
            }
        }
    }

    internal ValueTask<IReadOnlyList<ChatEntry>> ReadTableAsync(
        string room, long position, int count, CancellationToken cancellationToken) => _readers.ReadAsync(
        static (reader, key, token) => reader.ReadRoomAsync(key.Room, key.Position, key.Count, token),
        (Room: room, Position: position, Count: count),
        cancellationToken);

    internal void Leave(ChatRoom room)
    {
        lock (_rooms)
        {
            if (--room.Subscribers == 0)
            {
                _rooms.Remove(room.Name);
            }
        }
    }

    private ChatRoom Enter(string name)
    {
        lock (_rooms)
        {
            if (!_rooms.TryGetValue(name, out ChatRoom? room))
            {
                _rooms[name] = room = new ChatRoom(name, _tailLength);
            }

            room.Subscribers++;
            return room;
        }
    }

    private void Publish(Posted posted)
    {
        if (posted.Added is not [ChatEntry first, ..])
        {
            return;
        }

        ChatRoom? room;
        lock (_rooms)
        {
            _rooms.TryGetValue(first.Room, out room);
        }

        room?.Append(posted.Added);
    }
}
