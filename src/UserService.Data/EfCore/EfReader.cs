using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>The store's reads in EF Core.</summary>
internal class EfReader(UsersContext db) : IStoreReader
{
    private Func<UsersContext, string, CancellationToken, Task<User?>>? _userById;

    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public virtual async ValueTask<User?> FindUserAsync(string id, CancellationToken cancellationToken) =>
        await (_userById ??= CompiledQueries.UserById(db))(db, id, cancellationToken);

    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public virtual async ValueTask<IReadOnlyList<User>> ReadUsersAsync(string afterId, int count, CancellationToken cancellationToken) =>
        await db.Users
            .Where(user => string.Compare(user.Id, afterId) > 0)
            .OrderBy(user => user.Id)
            .Take(count)
            .ToPageAsync(PageBytes.Of, PageBytes.MaxUsers, cancellationToken);

    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public virtual async ValueTask<long> LastSequenceAsync(string room, CancellationToken cancellationToken) =>
        await db.Rooms.Where(end => end.Name == room).Select(end => end.Last).SingleOrDefaultAsync(cancellationToken);

    /// <remarks>Database:FastPath runs prepared statements instead.</remarks>
    public virtual async ValueTask<IReadOnlyList<ChatEntry>> ReadRoomAsync(
        string room, long afterSequence, int count, CancellationToken cancellationToken) =>
        await db.Messages
            .Where(message => message.Room == room && message.Sequence > afterSequence)
            .OrderBy(message => message.Sequence)
            .Take(count)
            .ToPageAsync(PageBytes.Of, PageBytes.MaxMessages, cancellationToken);

    public virtual void Dispose() => db.Dispose();
}
