using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>The queries that every call runs, compiled once: by the readers as tasks, by the writer on its own thread.</summary>
internal static class UserQueries
{
    public static readonly Func<UsersContext, string, CancellationToken, Task<User?>> FindAsync =
        EF.CompileAsyncQuery((UsersContext db, string id, CancellationToken cancellationToken) =>
            db.Users.FirstOrDefault(u => u.Id == id));

    public static readonly Func<UsersContext, string, int, IAsyncEnumerable<User>> PageAfter =
        EF.CompileAsyncQuery((UsersContext db, string afterId, int count) =>
            db.Users.Where(u => u.Id.CompareTo(afterId) > 0).OrderBy(u => u.Id).Take(count));

    public static readonly Func<UsersContext, string, User?> Find =
        EF.CompileQuery((UsersContext db, string id) => db.Users.FirstOrDefault(u => u.Id == id));

    public static readonly Func<UsersContext, string, User?> FindByRequestId =
        EF.CompileQuery((UsersContext db, string requestId) => db.Users.FirstOrDefault(u => u.RequestId == requestId));

    public static readonly Func<UsersContext, string, bool> HasEmail =
        EF.CompileQuery((UsersContext db, string email) => db.Users.Any(u => u.Email == email));
}
