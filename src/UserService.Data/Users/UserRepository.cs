namespace Users.Data;

/// <summary>
/// Reads and writes users. A write completes once its commit is on disk. Any call may throw <see cref="StoreBusyException"/>,
/// a write also <see cref="StoreFullException"/>. A cancelled write is dropped while it waits and completes once it has begun.
/// Ids are UUIDs in lowercase.
/// </summary>
public sealed class UserRepository
{
    /// <summary>The most users in one <see cref="CreateManyAsync"/>, so that other writes need not wait long behind it.</summary>
    public const int MaxBatch = 1_000;

    /// <summary>The user with this id, or null.</summary>
    public ValueTask<User?> FindAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Creates a user: Done, Existing, RequestIdReused or EmailTaken, judged in this order.</summary>
    public Task<UserWrite> CreateAsync(NewUser user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Changes a user: Done, NotFound, EtagMismatch or EmailTaken.</summary>
    /// <exception cref="ArgumentException">The change names no field.</exception>
    public Task<UserWrite> UpdateAsync(UserChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Deletes a user, if <paramref name="etag"/> is null or its etag: Done, NotFound or EtagMismatch.</summary>
    public Task<UserWriteStatus> DeleteAsync(string id, string? etag, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Creates up to <see cref="MaxBatch"/> users in one commit, each with the outcome that <see cref="CreateAsync"/>
    /// would have had for it in the order given.
    /// </summary>
    public Task<IReadOnlyList<UserWrite>> CreateManyAsync(IReadOnlyList<NewUser> users, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>At most <paramref name="count"/> users in id order after <paramref name="afterId"/> (null: from the first).</summary>
    public ValueTask<IReadOnlyList<User>> ReadPageAsync(string? afterId, int count, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// All users in id order after <paramref name="afterId"/> (null: from the first), read page by page: no connection is held
    /// between two users. A user that exists throughout appears exactly once.
    /// </summary>
    public IAsyncEnumerable<User> ListAsync(string? afterId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Adds users with ids of the caller's choice, for the first start of a development database; their times and etags are
    /// the store's. One whose id or email exists is left out.
    /// </summary>
    public Task SeedAsync(IReadOnlyList<User> users, CancellationToken cancellationToken) => throw new NotSupportedException();
}
