using System.Threading.Channels;

namespace Users.Data;

/// <summary>A position in a room. For one reader at a time; dispose it to leave the room.</summary>
public sealed class ChatSubscription : IDisposable
{
    /// <summary>The most messages that one <see cref="ReadAsync"/> returns; long ones are fewer, so a stalled reader holds some 64 KiB.</summary>
    public const int MaxRead = 32;

    private readonly ChatLog _log;
    private readonly ChatRoom _room;
    private Channel<IReadOnlyList<ChatEntry>>? _receipts;
    private bool _left;

    internal ChatSubscription(ChatLog log, ChatRoom room, long position)
    {
        _log = log;
        _room = room;
        Start = position;
        Position = position;
    }

    /// <summary>Where the subscription began: after the message of this sequence.</summary>
    public long Start { get; }

    /// <summary>The sequence of the last message handed out, or where the subscription began.</summary>
    public long Position { get; private set; }

    /// <summary>The sequence of the room's last committed message at this moment.</summary>
    public long End => _room.End;

    /// <summary>Whether receipts wait to be read.</summary>
    public bool HasReceipts => Volatile.Read(ref _receipts)?.Reader.Count > 0;

    /// <summary>
    /// Hands this subscription alone, as receipts, the messages that lie before its <see cref="Start"/>. It waits while earlier ones are not
    /// read: a client that repeats itself and reads nothing makes the server hold no more. For one caller at a time.
    /// </summary>
    public async ValueTask ReceiveAsync(IReadOnlyList<ChatEntry> said, CancellationToken cancellationToken)
    {
        if (_receipts is null)
        {
            Volatile.Write(ref _receipts, Channel.CreateBounded<IReadOnlyList<ChatEntry>>(1));
        }

        foreach (ChatEntry[] some in said.Where(entry => entry.Sequence <= Start).Chunk(MaxRead))
        {
            await _receipts.Writer.WriteAsync(some, cancellationToken);
            // The room has no other way to wake one subscriber, and a repeat is as rare as a break.
            _room.Wake();
        }
    }

    /// <summary>
    /// Receipts, or else the next messages after <see cref="Position"/>, which moves with these: at least one, for which it waits, and at
    /// most <see cref="MaxRead"/>.
    /// </summary>
    public async ValueTask<IReadOnlyList<ChatEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task next = _room.Next;
            if (Volatile.Read(ref _receipts)?.Reader.TryRead(out IReadOnlyList<ChatEntry>? receipts) is true)
            {
                return receipts!;
            }

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
