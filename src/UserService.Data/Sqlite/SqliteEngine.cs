using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Users.Data.Sqlite;

/// <summary>The connections to one SQLite file, which is brought up to date first. Disposing it lets go of the file's lock.</summary>
internal sealed partial class SqliteEngine : IStoreEngine
{
    // Writes to a file that has lost its name are lost, so this bounds how many.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly SqliteAccess _access;
    private readonly FileHold _hold;
    private readonly ITimer _checks;
    private readonly ILogger _logger;
    private readonly DbContextOptions<SqliteUsersContext> _options;
    private readonly ConnectionSettings _settings;
    private volatile bool _isDamaged;
    private volatile string? _fault;

    private SqliteEngine(StoreStart start, SqliteConnectionStringBuilder file, FileHold hold)
    {
        _access = start.Options.Access;
        _hold = hold;
        Place = file.DataSource;
        _logger = start.Logging.CreateLogger<SqliteEngine>();
        _settings = new ConnectionSettings(start.Options);
        _options = SqliteUsersContext.Options(file.ConnectionString, start.Logging, [_settings, .. start.Interceptors, new KeptCommands()]);
        using var context = new SqliteUsersContext(_options);
        string[] ran = StoreMigrator.Migrate(context, file.DataSource);
        IsNew = FirstUsers.AreDue(context);
        LargestUserId = StoreMigrator.LargestUserId(context);
        Migrations = ran.Length;
        _checks = start.Time.CreateTimer(_ => Check(), null, CheckInterval, CheckInterval);
    }

    public string System => "sqlite";

    public string Place { get; }

    public bool IsNew { get; }

    public string? LargestUserId { get; }

    public int Migrations { get; }

    /// <summary>Locks the file, and creates it or brings it up to date.</summary>
    /// <exception cref="UserStoreException">The file cannot be used; the message says why.</exception>
    public static SqliteEngine Open(StoreStart start)
    {
        SqliteConnectionStringBuilder file = StoreFile.Resolve(start.Options);
        FileHold hold = StoreFile.Hold(file);
        try
        {
            return new SqliteEngine(start, file, hold);
        }
        catch (Exception error)
        {
            hold.Dispose();
            if (error is SqliteException sqlite)
            {
                throw SqliteErrors.ForOperator(sqlite, file.DataSource);
            }

            throw;
        }
    }

    public IStoreReader OpenReader() => _access.Reader(Connect(_settings.Reading));

    public IWriteEngine OpenWriter(NewRows rows)
    {
        try
        {
            return _access.Writer(Connect(_settings.Writing), rows);
        }
        catch (SqliteException error)
        {
            // A part of the start, as the store opens it once.
            throw SqliteErrors.ForOperator(error, Place);
        }
    }

    // This process alone holds the file.
    public IDisposable? Follow(ChatLog chat, UserRepository users) => null;

    public Exception? Fault => _fault is { } fault ? new StoreBusyException(fault) : null;

    public Exception ForCaller(Exception error)
    {
        if (SqliteErrors.IsDamage(error) && !_isDamaged)
        {
            _isDamaged = true;
            Log.Damaged(_logger, error);
            Check();
        }

        return SqliteErrors.ForCaller(error);
    }

    public void Dispose()
    {
        _checks.Dispose();
        _hold.Dispose();
    }

    private void Check()
    {
        _access.LetGo();
        bool wasSound = _fault is null;
        _fault = _isDamaged ? "The database is damaged."
            : _hold.IsThere ? null
            : "The database file is gone, or another one has its name.";
        if (wasSound && _fault is not null && !_isDamaged)
        {
            Log.Lost(_logger);
        }
    }

    private SqliteUsersContext Connect(string pragmas)
    {
        var context = new SqliteUsersContext(_options);
        // Kept open until the context is disposed: EF registers its SQL functions on every open, which halves the speed of a small query.
        context.Database.OpenConnection();
        context.Database.ExecuteSqlRaw(pragmas);
        return context;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The database file is gone, or another one has its name: nothing is written until it is back")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(2, LogLevel.Error, "The database is damaged: nothing is written any more; restore it from a backup")]
        public static partial void Damaged(ILogger logger, Exception error);
    }
}
