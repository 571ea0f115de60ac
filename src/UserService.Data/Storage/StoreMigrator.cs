using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>
/// Brings a database up to this program's schema. The caller holds the store's lock. It asks with prepared statements, since EF's first
/// query builds the model, which a start with a current database has no need of.
/// </summary>
internal static class StoreMigrator
{
    /// <summary>Migrates if need be, and says whether the database waits for its first users and which migrations it ran.</summary>
    public static (bool IsNew, string[] Ran) Migrate(UsersContext context, string path)
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

            // EF waits for ever for a lock row that a killed start left behind; holding the file's lock, nobody else can own it.
            context.Database.ExecuteSqlRaw("DROP TABLE IF EXISTS __EFMigrationsLock");
            context.Database.Migrate();
        }

        return (FirstUsers.AreDue(context), missing);
    }

    private static string[] ReadHistory(UsersContext context, string path)
    {
        string[] tables = [.. context.Prepare("SELECT name FROM sqlite_master WHERE type = 'table'").Texts()];
        if (tables.Contains("__EFMigrationsHistory"))
        {
            return [.. context.Prepare("SELECT MigrationId FROM __EFMigrationsHistory").Texts()];
        }

        return tables.All(table => table.StartsWith("__EF", StringComparison.Ordinal))
            ? []
            : throw new UserStoreException($"The database '{path}' belongs to another program; name another file.");
    }
}
