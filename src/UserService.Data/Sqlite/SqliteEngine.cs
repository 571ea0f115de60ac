using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Users.Data.Sqlite;

/// <summary>The connections to one SQLite file, which is brought up to date first. Disposing it lets go of the file's lock.</summary>
internal sealed class SqliteEngine : IStoreEngine
{
    private readonly FileStream _lock;
    private readonly DbContextOptions<SqliteUsersContext> _options;
    private readonly ConnectionSettings _settings;
    // What works over a context whose connection is open, and disposes it in the end.
    private readonly Func<SqliteUsersContext, IStoreReader> _reader = db => new EfReader(db);
    private readonly Func<SqliteUsersContext, NewRows, IWriteEngine> _writer = (db, rows) => new EfWriter(db, new EfReader(db), rows);

    public SqliteEngine(
        UserStoreOptions options,
        SqliteConnectionStringBuilder file,
        FileStream fileLock,
        ILoggerFactory logging,
        IReadOnlyList<IInterceptor> interceptors)
    {
        (_reader, _writer) = options.FastPath ? (FastPath.FastAccess.Reader, FastPath.FastAccess.Writer) : (_reader, _writer);
        _lock = fileLock;
        _settings = new ConnectionSettings(options);
        _options = SqliteUsersContext.Options(file.ConnectionString, logging, [_settings, .. interceptors]);
        using var context = new SqliteUsersContext(_options);
        string[] ran = StoreMigrator.Migrate(context, file.DataSource);
        IsNew = FirstUsers.AreDue(context);
        LargestUserId = StoreMigrator.LargestUserId(context);
        Migrations = ran.Length;
    }

    /// <summary>Whether the database waits for its first users.</summary>
    public bool IsNew { get; }

    /// <summary>The largest id in use when it was opened, or null.</summary>
    public string? LargestUserId { get; }

    /// <summary>How many migrations were run.</summary>
    public int Migrations { get; }

    public IStoreReader OpenReader() => _reader(Connect(_settings.Reading));

    public IWriteEngine OpenWriter(NewRows rows) => _writer(Connect(_settings.Writing), rows);

    public Exception ForCaller(Exception error) => SqliteErrors.ForCaller(error);

    public void Dispose() => _lock.Dispose();

    private SqliteUsersContext Connect(string pragmas)
    {
        var context = new SqliteUsersContext(_options);
        // Kept open until the context is disposed: EF registers its SQL functions on every open, which halves the speed of a small query.
        context.Database.OpenConnection();
        context.Database.ExecuteSqlRaw(pragmas);
        return context;
    }
}
