namespace Users.Data;

/// <summary>The rooms: each an append-only log, which subscribers follow from a position of their own.</summary>
public sealed class ChatLog
{
    /// <summary>
    /// Appends to a room and completes once the message is on disk. Null: no such user. Throws and cancels like
    /// <see cref="UserRepository"/>'s writes.
    /// </summary>
    public Task<ChatEntry?> PostAsync(string room, string userId, string text, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Follows a room after <paramref name="afterSequence"/> (0: from its first message; null: only what comes after now).
    /// Null: the room does not reach that far.
    /// </summary>
    public ValueTask<ChatSubscription?> SubscribeAsync(string room, long? afterSequence, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
