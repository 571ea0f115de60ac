using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Users.Data.Sqlite;

/// <summary>
/// Brings a database up to this program's schema. The caller holds the store's lock. It asks in SQL, since to compile EF's first query takes
/// a start longer than all of this.
/// </summary>
internal static class StoreMigrator
{
    /// <summary>Migrates if need be, and says which migrations it ran.</summary>
    public static string[] Migrate(SqliteUsersContext context, string path)
    {
        context.Database.OpenConnection();
        string[] known = [.. context.Database.GetMigrations()];
        string[] found = ReadHistory(context, path);
        if (found.Except(known).Any())
        {
            throw new UserStoreException($"The database '{path}' was written by a newer version of this program; run that version.");
        }

        // Kept in the file, which is known to be ours only now. Readers then never wait for the writer.
        context.Database.ExecuteSqlRaw("PRAGMA journal_mode = WAL");
        // EF takes several hundred milliseconds to find out that there is nothing to do.
        string[] missing = [.. known.Except(found)];
        if (missing.Length > 0)
        {
            if (found.Length == 0)
            {
                FirstUsers.SetDue(context, true);
            }

            // EF waits for ever for a lock row that a killed start left behind; this process holds the file's lock, so no other can own it.
            context.Database.ExecuteSqlRaw("DROP TABLE IF EXISTS __EFMigrationsLock");
            context.Database.Migrate();
        }

        return missing;
    }

    /// <summary>The largest id that a user has or had, or null: from where new ids go on.</summary>
    public static string? LargestUserId(SqliteUsersContext context) => Texts(
        context,
        "SELECT max(id) FROM users UNION ALL SELECT id FROM highest_ids WHERE kind = 'users'").Max(StringComparer.Ordinal) is { Length: > 0 } id ? id : null;

    private static string[] ReadHistory(SqliteUsersContext context, string path)
    {
        string[] tables = Texts(context, "SELECT name FROM sqlite_master WHERE type = 'table'");
        if (tables.Contains("__EFMigrationsHistory"))
        {
            return Texts(context, "SELECT MigrationId FROM __EFMigrationsHistory");
        }

        return tables.All(table => table.StartsWith("__EF", StringComparison.Ordinal))
            ? []
            : throw new UserStoreException($"The database '{path}' belongs to another program; name another file.");
    }

    private static string[] Texts(SqliteUsersContext context, string sql)
    {
        using DbCommand command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        return [.. reader.Cast<DbDataRecord>().Where(row => !row.IsDBNull(0)).Select(row => row.GetString(0))];
    }
}
