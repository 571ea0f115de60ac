using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Users.Data.Sqlite;

namespace Users.Data.Tests;

/// <summary>Looks at and prepares database files past the store.</summary>
internal static class RawDatabase
{
    public static SqliteUsersContext Context(string path) => new(new DbContextOptionsBuilder<SqliteUsersContext>()
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString).Options);

    public static void MigrateTo(string path, string migration)
    {
        using SqliteUsersContext context = Context(path);
        context.GetService<IMigrator>().Migrate(migration);
    }

    /// <summary>Another engine's database that stands for a file; null: it is the file.</summary>
    public static Func<string, DbConnection?> ConnectElsewhere { get; set; } = _ => null;

    public static void Execute(string path, string sql) => Execute(path, _ => sql);

    public static void Execute(string path, Func<DbConnection, string> sql)
    {
        using DbConnection connection = ConnectElsewhere(path) ?? Connect(path);
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql(connection);
        command.ExecuteNonQuery();
    }

    public static string[] Query(string path, string sql)
    {
        using DbConnection connection = ConnectElsewhere(path) ?? Connect(path);
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return [.. values];
    }

    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
