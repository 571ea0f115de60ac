using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using static SQLitePCL.raw;

namespace Users.Data.Tests;

/// <summary>What SQLite runs for a store, as it traces it on each of the store's connections.</summary>
public sealed class Statements : DbConnectionInterceptor
{
    private static readonly string[] Transaction = ["BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"];

    private readonly ConcurrentQueue<string> _run = new();

    public IEnumerable<string> All => _run;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        sqlite3_trace(((SqliteConnection)connection).Handle!, (_, sql) => _run.Enqueue(sql), null);

    /// <summary>How many queries and how many commits a call takes.</summary>
    public async Task<(int Queries, int Commits)> CountAsync(Func<Task> call)
    {
        _run.Clear();
        await call();
        return (
            _run.Count(sql => !Transaction.Any(word => sql.StartsWith(word, StringComparison.OrdinalIgnoreCase))),
            _run.Count(sql => sql.StartsWith("COMMIT", StringComparison.OrdinalIgnoreCase)));
    }
}
