using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Users.Data.Sqlite.FastPath;

/// <summary>
/// Prepared statements in place of EF Core's queries, for the calls that make up most of a server's work. Without this folder, and the line
/// of <see cref="SqliteEngine"/> that names it, everything runs by EF Core. docs/decisions.md says when not to copy it.
/// </summary>
internal static class FastAccess
{
    public static IStoreReader Reader(SqliteUsersContext db) => new FastReader(db, Statements(db));

    public static IWriteEngine Writer(SqliteUsersContext db, NewRows rows)
    {
        PreparedStatements statements = Statements(db);
        return new FastWriter(db, new FastReader(db, statements), statements, rows);
    }

    private static PreparedStatements Statements(SqliteUsersContext db) => new((SqliteConnection)db.Database.GetDbConnection());
}
