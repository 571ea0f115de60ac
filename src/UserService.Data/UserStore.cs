using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>
/// The users and rooms in one SQLite file, which this process alone holds until the store is disposed.
/// Disposing finishes the writes that wait.
/// </summary>
public sealed class UserStore : IDisposable, IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly ReaderPool _readers;
    private readonly StoreWriter _writer;

    private UserStore(
        UserStoreOptions options, TimeProvider time, ILoggerFactory logging, SqliteConnectionStringBuilder file, FileStream fileLock)
    {
        ILogger logger = logging.CreateLogger<UserStore>();
        var settings = new ConnectionSettings(options);
        DbContextOptions<UsersContext> contextOptions = UsersContext.Options(file.ConnectionString, settings, logging);
        Path = file.DataSource;
        var random = new RandomBytes();
        var ids = new UserIds(time, random);
        using (var context = new UsersContext(contextOptions))
        {
            (IsNew, string[] ran) = StoreMigrator.Migrate(context, Path);
            foreach (string largest in context.Prepare("SELECT id FROM users ORDER BY id DESC LIMIT 1").Texts())
            {
                ids.StartAfter(largest);
            }

            Log.Opened(logger, Path, ran.Length);
        }

        _lock = fileLock;
        _readers = new ReaderPool(() => Connect(settings.Reading));
        _writer = new StoreWriter(Connect(settings.Writing), options, time, logger);
        Users = new UserRepository(_readers, _writer, new UserWork(ids, random, time));
        Chat = new ChatLog(_readers, _writer, time, options.RoomTailLength);

        UsersContext Connect(string pragmas)
        {
            var context = new UsersContext(contextOptions);
            context.Database.OpenConnection();
            context.Database.ExecuteSqlRaw(pragmas);
            return context;
        }
    }

    /// <summary>The database file, as a full path without links.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether <see cref="UserRepository.SeedAsync"/> has yet to complete the database: this <see cref="Open"/> created it, or one
    /// that was cut short.
    /// </summary>
    public bool IsNew { get; }

    /// <summary>The users.</summary>
    public UserRepository Users { get; }

    /// <summary>The rooms.</summary>
    public ChatLog Chat { get; }

    /// <summary>The writer, for tests of its rules.</summary>
    internal StoreWriter Writer => _writer;

    /// <summary>The readers, for tests of their settings.</summary>
    internal ReaderPool Readers => _readers;

    /// <summary>Locks the file, creates it or brings it up to date, and starts the writer.</summary>
    /// <exception cref="UserStoreException">The file cannot be used; the message says why.</exception>
    public static UserStore Open(UserStoreOptions options, TimeProvider time, ILoggerFactory logging)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WriteQueueLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxCommit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RoomTailLength, 1);
        SqliteConnectionStringBuilder file = StoreFile.Resolve(options);
        FileStream fileLock = StoreFile.Lock(file.DataSource);
        try
        {
            return new UserStore(options, time, logging, file, fileLock);
        }
        catch (Exception error)
        {
            fileLock.Dispose();
            if (error is SqliteException sqlite)
            {
                throw StoreErrors.ForOperator(sqlite, file.DataSource);
            }

            throw;
        }
    }

    /// <summary>Reads something small, and throws when that fails: for a health check.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => Users.ReadPageAsync(null, 1, cancellationToken).AsTask();

    /// <inheritdoc />
    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        _lock.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Task.Run(Dispose);
}
