namespace Users.Data;

/// <summary>
/// The seam for reads: the queries of the store, on one connection and for one caller at a time. An engine that reads without waiting
/// answers with a completed task.
/// </summary>
internal interface IStoreReader : IDisposable
{
    /// <summary>Comes before each read of a caller's: an engine may keep something from one to the next.</summary>
    void Begin()
    {
    }

    /// <summary>Comes after each read that did not fail. Must not throw.</summary>
    void End()
    {
    }

    /// <summary>The user with this id, or null.</summary>
    ValueTask<User?> FindUserAsync(string id, CancellationToken cancellationToken);

    /// <summary>At most so many users, and <see cref="PageBytes.MaxUsers"/> of them, in id order after an id; "" is before all of them.</summary>
    ValueTask<IReadOnlyList<User>> ReadUsersAsync(string afterId, int count, CancellationToken cancellationToken);

    /// <summary>The sequence of a room's last message; 0: it has none.</summary>
    ValueTask<long> LastSequenceAsync(string room, CancellationToken cancellationToken);

    /// <summary>At most so many messages, and <see cref="PageBytes.MaxMessages"/> of them, of a room after a sequence, in their order.</summary>
    ValueTask<IReadOnlyList<ChatEntry>> ReadRoomAsync(string room, long afterSequence, int count, CancellationToken cancellationToken);
}
