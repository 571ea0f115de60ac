namespace Users.Data;

/// <summary>A position in a room. For one reader at a time; dispose it to leave the room.</summary>
public sealed class ChatSubscription : IDisposable
{
    /// <summary>The most messages that one <see cref="ReadAsync"/> returns; long ones are fewer, so a stalled reader holds some 64 KiB.</summary>
    public const int MaxRead = 32;

    private readonly ChatLog _log;
    private readonly ChatRoom _room;
    private bool _left;

    internal ChatSubscription(ChatLog log, ChatRoom room, long position)
    {
        _log = log;
        _room = room;
        Position = position;
    }

    /// <summary>The sequence of the last message handed out, or where the subscription began.</summary>
    public long Position { get; private set; }

    /// <summary>The sequence of the room's last committed message at this moment.</summary>
    public long End => _room.End;

    /// <summary>
    /// The next messages after <see cref="Position"/>, which moves with them: at least one, for which it waits, and at most
    /// <see cref="MaxRead"/>.
    /// </summary>
    public async ValueTask<IReadOnlyList<ChatEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task next = _room.Next;
            IReadOnlyList<ChatEntry> entries = _room.ReadTail(Position, MaxRead);
            if (entries.Count == 0 && Position < _room.End)
            {
                entries = await _log.ReadTableAsync(_room.Name, Position, MaxRead, cancellationToken);
            }

            if (entries.Count > 0)
            {
                Position = entries[^1].Sequence;
                return entries;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_left)
        {
            _left = true;
            _log.Leave(_room);
        }
    }
}
