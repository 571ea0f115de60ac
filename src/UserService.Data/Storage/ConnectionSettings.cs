using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Users.Data;

/// <summary>Sets the pragmas that SQLite keeps per connection, on each that is opened.</summary>
internal sealed class ConnectionSettings(UserStoreOptions options) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using DbCommand command = connection.CreateCommand();
        // FULL: a commit that returned survives a power cut. cache_size is in KiB when negative.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds};
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -8000;
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
