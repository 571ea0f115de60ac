namespace Users.Data;

/// <summary>A position in a room. For one reader at a time; dispose it to leave the room.</summary>
public sealed class ChatSubscription : IDisposable
{
    /// <summary>The most messages that one <see cref="ReadAsync"/> returns.</summary>
    public const int MaxRead = 256;

    /// <summary>The sequence of the last message handed out, or where the subscription began.</summary>
    public long Position => throw new NotSupportedException();

    /// <summary>The sequence of the room's last committed message at this moment.</summary>
    public long End => throw new NotSupportedException();

    /// <summary>
    /// The next messages after <see cref="Position"/>, which moves with them: at least one, for which it waits, and at most
    /// <see cref="MaxRead"/>.
    /// </summary>
    public ValueTask<IReadOnlyList<ChatEntry>> ReadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotSupportedException();
}
