using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Users.Data.Sqlite;

/// <summary>Finds the one file that a connection string means, and holds it for this process.</summary>
internal static class StoreFile
{
    /// <summary>The connection string that the store uses: the caller's file, the store's own settings.</summary>
    public static SqliteConnectionStringBuilder Resolve(UserStoreOptions options)
    {
        SqliteConnectionStringBuilder given = Parse(options.ConnectionString);
        if (given.DataSource.Length == 0
            || given.DataSource == ":memory:"
            || given.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || given.Mode is SqliteOpenMode.Memory or SqliteOpenMode.ReadOnly
            || given.Password.Length > 0)
        {
            throw new UserStoreException(
                "The database connection string must name a plain file that can be written, like 'Data Source=users.db'.");
        }

        return new SqliteConnectionStringBuilder
        {
            DataSource = RealPath(Path.GetFullPath(Path.Combine(options.BaseDirectory, given.DataSource))),
            Mode = given.Mode,
            // The store keeps its connections open itself; a closed one must let go of the file.
            Pooling = false,
            // Microsoft.Data.Sqlite retries a busy statement by itself until this has passed; 0 would be for ever.
            DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
        };
    }

    /// <summary>Holds the file for this process, until it is disposed.</summary>
    public static FileHold Hold(SqliteConnectionStringBuilder file)
    {
        string path = file.DataSource;
        string folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(path))
        {
            throw new UserStoreException($"The database '{path}' is a folder; name a file.");
        }

        return Directory.Exists(folder)
            ? new FileHold(file)
            : throw new UserStoreException($"The folder '{folder}' of the database does not exist; create it or name another.");
    }

    private static SqliteConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            string? unknown = new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys!
                .Cast<string>().FirstOrDefault(keyword => !new SqliteConnectionStringBuilder().ContainsKey(keyword));
            return unknown is null
                ? new SqliteConnectionStringBuilder(connectionString)
                : throw new UserStoreException($"The database connection string has the unknown keyword '{unknown}'.");
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new UserStoreException("The database connection string is malformed; write it like 'Data Source=users.db'.", error);
        }
    }

    /// <summary>The path with every link in it followed, so that two names of one file meet at the same lock.</summary>
    private static string RealPath(string path)
    {
        if (Path.GetDirectoryName(path) is not string folder)
        {
            return path;
        }

        string real = Path.Combine(RealPath(folder), Path.GetFileName(path));
        return new FileInfo(real) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? RealPath(target.FullName)
            : real;
    }
}
