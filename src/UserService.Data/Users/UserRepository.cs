using System.Runtime.CompilerServices;

namespace Users.Data;

/// <summary>
/// Reads and writes users. A write completes once its commit is on disk. Any call may throw <see cref="StoreBusyException"/>,
/// a write also <see cref="StoreFullException"/>. A cancelled write is dropped while it waits and completes once it has begun.
/// Ids are UUIDs in lowercase. The queries themselves are in EfCore/.
/// </summary>
public sealed class UserRepository
{
    private const int PageSize = 500;
    // Soon there, and all that a reader holds that takes a few users and stalls.
    private const int FirstPageSize = 50;
    private readonly ReaderPool _readers;
    private readonly StoreWriter _writer;
    private readonly UserWatches _watches = new();

    internal UserRepository(ReaderPool readers, StoreWriter writer)
    {
        _readers = readers;
        _writer = writer;
    }

    /// <summary>The most users in one <see cref="CreateManyAsync"/>, so that other writes need not wait long behind it.</summary>
    public const int MaxBatch = 1_000;

    /// <summary>The user with this id, or null.</summary>
    public ValueTask<User?> FindAsync(string id, CancellationToken cancellationToken) =>
        _readers.ReadAsync(static (reader, id, token) => reader.FindUserAsync(id, token), id, cancellationToken);

    /// <summary>Watches for the deletion of the user with this id, or answers null: there is none.</summary>
    public async ValueTask<UserWatch?> WatchAsync(string id, CancellationToken cancellationToken)
    {
        // Before the user is looked for: so a deletion in between is seen.
        UserWatch watch = _watches.Enter(id);
        bool exists = false;
        try
        {
            exists = await FindAsync(id, cancellationToken) is not null;
            return exists ? watch : null;
        }
        finally
        {
            if (!exists)
            {
                watch.Dispose();
            }
        }
    }

    /// <summary>The users that are watched, for an engine whose database other processes write to.</summary>
    internal string[] Watched => _watches.Ids;

    /// <summary>Another process has deleted a user.</summary>
    internal void IsDeleted(string id) => _watches.Deleted(id);

    /// <summary>Creates a user: Done, Existing, RequestIdReused or EmailTaken, judged in this order.</summary>
    public Task<UserWrite> CreateAsync(NewUser user, CancellationToken cancellationToken) =>
        _writer.RunAsync(new CreateUser(user), committed: null, cancellationToken);

    /// <summary>Changes a user: Done, NotFound, EtagMismatch or EmailTaken.</summary>
    /// <exception cref="ArgumentException">The change names no field.</exception>
    public Task<UserWrite> UpdateAsync(UserChange change, CancellationToken cancellationToken) =>
        change.NamesNoField
            ? throw new ArgumentException("The change names no field.", nameof(change))
            : _writer.RunAsync(new UpdateUser(change), committed: null, cancellationToken);

    /// <summary>Deletes a user, if <paramref name="etag"/> is null or its etag: Done, NotFound or EtagMismatch.</summary>
    public Task<UserWriteStatus> DeleteAsync(string id, string? etag, CancellationToken cancellationToken) =>
        _writer.RunAsync(
            new DeleteUser(id, etag),
            status =>
            {
                if (status is UserWriteStatus.Done)
                {
                    _watches.Deleted(id);
                }
            },
            cancellationToken);

    /// <summary>
    /// Creates up to <see cref="MaxBatch"/> users in one commit, each with the outcome that <see cref="CreateAsync"/>
    /// would have had for it in the order given.
    /// </summary>
    public Task<IReadOnlyList<UserWrite>> CreateManyAsync(IReadOnlyList<NewUser> users, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(users.Count, MaxBatch, nameof(users));
        return users.Count == 0
            ? Task.FromResult<IReadOnlyList<UserWrite>>([])
            : _writer.RunAsync(new CreateUsers(users), committed: null, cancellationToken);
    }

    /// <summary>
    /// At most <paramref name="count"/> users in id order after <paramref name="afterId"/> (null: from the first); fewer, but one at least,
    /// where they are long.
    /// </summary>
    public ValueTask<IReadOnlyList<User>> ReadPageAsync(string? afterId, int count, CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            static (reader, key, token) => reader.ReadUsersAsync(key.After, key.Count, token),
            (After: afterId ?? "", Count: count),
            cancellationToken);

    /// <summary>
    /// At most <paramref name="count"/> users in id order after <paramref name="afterId"/> (null: from the first), page by page:
    /// no connection is held between two pages. A user that exists throughout appears exactly once.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<User>> ListPagesAsync(
        string? afterId, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int size = FirstPageSize;
        for (bool more = true; more && count > 0; size = PageSize)
        {
            int asked = (int)Math.Min(count, size);
            IReadOnlyList<User> page = await ReadPageAsync(afterId, asked, cancellationToken);
            if (page.Count > 0)
            {
                yield return page;
                afterId = page[^1].Id;
                count -= page.Count;
            }

            // A page of long users ends sooner.
            more = page.Count == asked || page.Sum(PageBytes.Of) >= PageBytes.MaxUsers;
        }
    }

    /// <summary>
    /// Completes a new database with its first users, which may be none: one commit adds them and ends its being new. Their ids
    /// are the caller's choice, their times and etags the store's. One whose id or email exists is left out.
    /// </summary>
    public Task SeedAsync(IReadOnlyList<SeedUser> users, CancellationToken cancellationToken) =>
        _writer.RunAsync(new SeedUsers(users), committed: null, cancellationToken);
}
