using System.Runtime.CompilerServices;

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
            long last = await LastSequenceAsync(room, cancellationToken);
            if (!entered.TryBegin(last))
            {
                Reached(room, last);
            }

            long end = Math.Max(entered.End, last);
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

    /// <summary>The rooms with subscribers, for an engine whose database other processes write to.</summary>
    internal string[] Followed
    {
        get
        {
            lock (_rooms)
            {
                return [.. _rooms.Keys];
            }
        }
    }

    /// <summary>
    /// A room reaches at least so far, by what another process has appended: reads that from the table, once for all subscribers. Where the
    /// read fails, the next call makes up for it.
    /// </summary>
    internal void Reached(string name, long last)
    {
        if (Find(name) is { } room && room.TryCatchUp(last))
        {
            _ = Task.Run(() => CatchUpAsync(room));
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

    private ValueTask<long> LastSequenceAsync(string room, CancellationToken cancellationToken, [CallerMemberName] string operation = "") =>
        _readers.ReadAsync(static (reader, room, token) => reader.LastSequenceAsync(room, token), room, cancellationToken, operation);

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

        ChatRoom? room = Find(first.Room);
        if (room is not null && !room.TryAppend(posted.Added))
        {
            // Another process has appended in between.
            Reached(room.Name, posted.Added[^1].Sequence);
        }
    }

    private async Task CatchUpAsync(ChatRoom room)
    {
        try
        {
            while (room.Missing is { } from)
            {
                IReadOnlyList<ChatEntry> entries = await ReadTableAsync(room.Name, from, MaxPost, CancellationToken.None);
                if (entries.Count == 0 || !room.TryAppend(entries))
                {
                    room.EndAt(await LastSequenceAsync(room.Name, CancellationToken.None));
                }
            }
        }
        catch (Exception)
        {
            room.GiveUp();
        }
    }

    private ChatRoom? Find(string name)
    {
        lock (_rooms)
        {
            return _rooms.GetValueOrDefault(name);
        }
    }
}
