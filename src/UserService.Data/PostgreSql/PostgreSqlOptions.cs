using System.ComponentModel.DataAnnotations;

namespace Users.Data.PostgreSql;

/// <summary>What PostgreSQL alone can be told. The database is named by <see cref="UserStoreOptions.ConnectionString"/>.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>How long a start waits for a database that does not answer; 0: it fails at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StartWait { get; set; }

    /// <summary>How many connections readers share. The writer has one more, and the wake-ups of rooms have three.</summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = 20;

    /// <summary>How long a commit waits for a lock that another replica holds, before its items run again, each alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>PostgreSQL in place of SQLite, so that any number of processes share a database. docs/scaling.md says when.</summary>
public static class PostgreSqlOption
{
    /// <summary>Opens the database as PostgreSQL's, by a connection string such as <c>Host=db;Database=users;Username=users</c>.</summary>
    public static void UsePostgreSql(this UserStoreOptions options, PostgreSqlOptions settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Engine = start => PostgreSqlEngine.Open(start, settings);
    }
}
