using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using static SQLitePCL.raw;

namespace Users.Data.Tests;

/// <summary>What SQLite runs for a store, told by SQLite: on its writer's connection, and on the one that a lone reader uses.</summary>
internal sealed class Statements
{
    private static readonly string[] Transaction = ["BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"];

    private readonly ConcurrentQueue<string> _run = new();

    public static async Task<Statements> OfAsync(UserStore store)
    {
        var statements = new Statements();
        await store.Readers.ReadAsync(db => Task.FromResult(statements.Trace(db)));
        await store.Writer.RunAsync(statements.Trace, committed: null, TestContext.Current.CancellationToken);
        return statements;
    }

    /// <summary>How many queries and how many commits a call takes.</summary>
    public async Task<(int Queries, int Commits)> CountAsync(Func<Task> call)
    {
        _run.Clear();
        await call();
        return (
            _run.Count(sql => !Transaction.Any(word => sql.StartsWith(word, StringComparison.OrdinalIgnoreCase))),
            _run.Count(sql => sql.StartsWith("COMMIT", StringComparison.OrdinalIgnoreCase)));
    }

    private bool Trace(UsersContext db)
    {
        sqlite3_trace(((SqliteConnection)db.Database.GetDbConnection()).Handle!, (_, sql) => _run.Enqueue(sql), null);
        return true;
    }
}
