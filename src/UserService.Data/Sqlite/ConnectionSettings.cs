using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Users.Data.Sqlite;

/// <summary>Sets the pragmas that SQLite keeps per connection, on each that is opened.</summary>
internal sealed class ConnectionSettings(UserStoreOptions options) : DbConnectionInterceptor
{
    /// <summary>For a reader: it looks at the mapped pages of the file in place, and copies the others.</summary>
    public string Reading => string.Create(
        CultureInfo.InvariantCulture, $"PRAGMA mmap_size = {options.MapMegabytes * 1024 * 1024}; PRAGMA cache_size = -4000");

    /// <summary>
    /// For the writer: a commit of an import dirties many pages of the indexes, which fit in the cache and are written back to the
    /// file only after some of them.
    /// </summary>
    public string Writing { get; } = "PRAGMA cache_size = -24000; PRAGMA wal_autocheckpoint = 8000";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using DbCommand command = connection.CreateCommand();
        // FULL: a commit that returned survives a power cut.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds};
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            """);
        command.ExecuteNonQuery();
        if (options.MaxSizeMegabytes > 0)
        {
            command.CommandText = "PRAGMA page_size";
            long pageSize = (long)command.ExecuteScalar()!;
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {options.MaxSizeMegabytes * 1024 * 1024 / pageSize}");
            command.ExecuteNonQuery();
        }
    }
}
