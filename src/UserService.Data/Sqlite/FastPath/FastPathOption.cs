using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Users.Data.Sqlite.FastPath;

/// <summary>
/// Prepared statements in place of EF Core's queries, for the calls that make up most of a server's work. docs/fast-path.md says when not to
/// copy it.
/// </summary>
public static class FastPathOption
{
    /// <summary>Lets prepared statements do what they can do faster than EF Core, which otherwise does everything.</summary>
    public static void UseFastPath(this UserStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var snapshots = new Snapshots();
        options.Access = new SqliteAccess(db => Reader(db, snapshots), (db, rows) => Writer(db, rows, snapshots), snapshots.EndIdle);
    }

    private static FastReader Reader(SqliteUsersContext db, Snapshots snapshots)
    {
        PreparedStatements statements = Statements(db);
        return new FastReader(db, statements, snapshots.Add(statements));
    }

    private static FastWriter Writer(SqliteUsersContext db, NewRows rows, Snapshots snapshots)
    {
        PreparedStatements statements = Statements(db);
        return new FastWriter(db, new FastReader(db, statements), statements, rows, snapshots);
    }

    private static PreparedStatements Statements(SqliteUsersContext db) => new((SqliteConnection)db.Database.GetDbConnection());
}
