using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>The connections to one database. What the connection string says itself goes before what stands here.</summary>
internal sealed class Connections : IDisposable
{
    private const string Example = "write it like 'Host=localhost;Database=users;Username=users'";

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly TimeSpan _lockTimeout;
    private readonly TimeSpan _busy;

    public Connections(UserStoreOptions options, PostgreSqlOptions postgreSql)
    {
        _settings = Parse(options.ConnectionString);
        (_lockTimeout, _busy) = (postgreSql.LockTimeout, options.BusyTimeout);
        // A late statement is first asked to stop, on a connection of its own, and where the database does not answer at all that takes twice as
        // long as to connect: seven parts in all.
        int part = Math.Max(1, (int)options.BusyTimeout.TotalSeconds / 5);
        Default("Application Name", "UserService");
        Default("Timeout", 2 * part);
        Default("Command Timeout", 3 * part);
        Default("Cancellation Timeout", -1);
        Default("Maximum Pool Size", postgreSql.MaxConnections);
        // Statements that come again are prepared by themselves.
        Default("Max Auto Prepare", 50);
        Place = $"'{_settings.Database ?? _settings.Username}' on {_settings.Host}:{_settings.Port}";
        Readers = NpgsqlDataSource.Create(_settings);
        Background = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_settings.ConnectionString)
        {
            MaxPoolSize = 3,
            MinPoolSize = 0,
            // A listener has nothing to say, and would wait for ever on a connection that is gone.
            KeepAlive = part,
        });
    }

    /// <summary>The server and the database, without a password.</summary>
    public string Place { get; }

    /// <summary>For queries.</summary>
    public NpgsqlDataSource Readers { get; }

    /// <summary>For the wake-ups of rooms, which must not wait behind queries.</summary>
    public NpgsqlDataSource Background { get; }

    /// <summary>A connection of its own, for the writer.</summary>
    public async Task<NpgsqlConnection> OpenWriterAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            await using NpgsqlCommand settings = connection.CreateCommand();
            // A commit that returned is on the disk, whatever the settings of the role or the database. And a replica that is paused in the
            // middle of one holds its locks no longer than other callers wait.
            settings.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                SET synchronous_commit = on;
                SET default_transaction_isolation = 'read committed';
                SET lock_timeout = {(long)_lockTimeout.TotalMilliseconds};
                SET idle_in_transaction_session_timeout = {(long)_busy.TotalMilliseconds};
                """);
            await settings.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        Readers.Dispose();
        Background.Dispose();
    }

    private void Default(string keyword, object value)
    {
        // Npgsql's own builder knows every keyword; a plain one those that are set, under the names that Npgsql gives them.
        if (!new DbConnectionStringBuilder { ConnectionString = _settings.ConnectionString }.ContainsKey(keyword))
        {
            _settings[keyword] = value;
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            return settings.Host is null
                ? throw new UserStoreException($"The database connection string names no Host; {Example}.")
                : settings;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            throw new UserStoreException($"The database connection string is not one of PostgreSQL; {Example}.", error);
        }
    }
}
