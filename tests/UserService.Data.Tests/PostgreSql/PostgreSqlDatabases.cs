using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Users.Data.PostgreSql;
using Users.Tests.Support.PostgreSql;

namespace Users.Data.Tests.PostgreSql;

/// <summary>A database for each file that a test would have on SQLite, so that the tests of the store run on either.</summary>
internal static class PostgreSqlDatabases
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Databases = new();
    private static readonly Lazy<string> Migrated = new(Migrate);
    private static readonly ConcurrentQueue<string> Used = new();

    // Each takes 8 MB, and the folder may be in memory.
    private const int Kept = 40;

    /// <summary>Lets a store of a test's file open the database that stands for it.</summary>
    public static void Use(UserStoreOptions options)
    {
        PostgreSqlCluster cluster = PostgreSqlCluster.Require();
        RawDatabase.ConnectElsewhere = path => Databases.TryGetValue(path, out Lazy<string>? database) ? Connect(database.Value) : null;
        options.ConnectionString = cluster.ConnectionString(
            Databases.GetOrAdd(options.ConnectionString["Data Source=".Length..], _ => new(() => Make(cluster))).Value);
        Patient(options);
        // Each test's store has pools of its own, which end with it.
        options.UsePostgreSql(new PostgreSqlOptions());
    }

    /// <summary>A new database, migrated and empty.</summary>
    public static string Create() => PostgreSqlCluster.Require().Create(Migrated.Value);

    /// <summary>A replica: a store of its own on a database.</summary>
    public static UserStore Open(
        string database, Action<UserStoreOptions>? configure = null, PostgreSqlOptions? settings = null, ILoggerFactory? logging = null,
        TimeProvider? time = null, params IInterceptor[] interceptors)
    {
        var options = new UserStoreOptions { ConnectionString = PostgreSqlCluster.Require().ConnectionString(database) };
        configure?.Invoke(options);
        options.UsePostgreSql(settings ?? new PostgreSqlOptions());
        return UserStore.OpenWatched(options, time ?? TimeProvider.System, logging ?? NullLoggerFactory.Instance, interceptors);
    }

    // On a machine that is busy with other tests a connection may take long.
    private static void Patient(UserStoreOptions options) => options.BusyTimeout = TimeSpan.FromMinutes(1);

    private static string Make(PostgreSqlCluster cluster)
    {
        string database = cluster.Create(Migrated.Value);
        Used.Enqueue(database);
        if (Used.Count > Kept && Used.TryDequeue(out string? old))
        {
            // It fails where a test is still connected, and then the database stays.
            _ = Task.Run(() => Record.Exception(() => cluster.Execute("postgres", $"DROP DATABASE {old}")));
        }

        return database;
    }

    /// <summary>A connection beside the store's, open.</summary>
    public static NpgsqlConnection Connect(string database)
    {
        var connection = new NpgsqlConnection(PostgreSqlCluster.Require().ConnectionString(database) + ";Pooling=false");
        connection.Open();
        return connection;
    }

    private static string Migrate()
    {
        PostgreSqlCluster cluster = PostgreSqlCluster.Require();
        string name = cluster.Create();
        Open(name, Patient).Dispose();
        return name;
    }
}
