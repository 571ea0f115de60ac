using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Users.Data;

/// <summary>Queries that EF Core takes longer to recognise than the database to run: compiled once for each model, as each database has its own.</summary>
internal static class CompiledQueries
{
    private static readonly ConditionalWeakTable<IModel, Func<UsersContext, string, CancellationToken, Task<User?>>> ById = [];

    public static Func<UsersContext, string, CancellationToken, Task<User?>> UserById(UsersContext db) => ById.GetValue(
        db.Model, static _ => EF.CompileAsyncQuery((UsersContext db, string id, CancellationToken _) => db.Users.SingleOrDefault(user => user.Id == id)));
}
