using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>
/// The users and rooms in one database: a SQLite file, which this process alone holds until the store is disposed, or what
/// <see cref="UserStoreOptions"/> names instead. Disposing finishes the writes that wait.
/// </summary>
public sealed class UserStore : IDisposable, IAsyncDisposable
{
    private readonly IStoreEngine _engine;
    private readonly IDisposable? _others;

    private UserStore(IStoreEngine engine, UserStoreOptions options, TimeProvider time, ILogger logger)
    {
        _engine = engine;
        var rows = new NewRows(time);
        if (engine.LargestUserId is { } largest)
        {
            rows.StartAfter(largest);
        }

        Readers = new ReaderPool(engine);
        Writer = new StoreWriter(engine, rows, options, time, logger);
        Users = new UserRepository(Readers, Writer);
        Chat = new ChatLog(Readers, Writer, options.RoomTailLength, options.SpeakersAreUsers);
        _others = engine.Follow(Chat, Users);
        Log.Opened(logger, Place, engine.Migrations);
    }

    /// <summary>The database: a file, as a full path without links, or a server and a name.</summary>
    public string Place => _engine.Place;

    /// <summary>
    /// Whether <see cref="UserRepository.SeedAsync"/> has yet to complete the database: this <see cref="Open"/> created it, or one
    /// that was cut short.
    /// </summary>
    public bool IsNew => _engine.IsNew;

    /// <summary>The users.</summary>
    public UserRepository Users { get; }

    /// <summary>The rooms.</summary>
    public ChatLog Chat { get; }

    /// <summary>The engine, for tests that read beside the store.</summary>
    internal IStoreEngine Engine => _engine;

    /// <summary>The writer, for tests of its rules.</summary>
    internal StoreWriter Writer { get; }

    /// <summary>The readers, for tests of theirs.</summary>
    internal ReaderPool Readers { get; }

    /// <summary>Opens the database, creates it or brings it up to date, and starts the writer.</summary>
    /// <exception cref="UserStoreException">The database cannot be used; the message says why.</exception>
    public static UserStore Open(UserStoreOptions options, TimeProvider time, ILoggerFactory logging) =>
        OpenWatched(options, time, logging, []);

    /// <summary>With interceptors of EF Core's, for tests that watch or hold its connections.</summary>
    internal static UserStore OpenWatched(
        UserStoreOptions options, TimeProvider time, ILoggerFactory logging, IReadOnlyList<IInterceptor> interceptors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WriteQueueLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxCommit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RoomTailLength, 1);
        IStoreEngine engine = options.Engine(new StoreStart(options, time, logging, interceptors));
        try
        {
            return new UserStore(engine, options, time, logging.CreateLogger<UserStore>());
        }
        catch (Exception)
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Reads something small, and throws when that fails, or when writes do: for a health check.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        _engine.Fault is { } fault ? Task.FromException(fault) : Users.ReadPageAsync(null, 1, cancellationToken).AsTask();

    /// <inheritdoc />
    public void Dispose()
    {
        _others?.Dispose();
        Writer.Dispose();
        Readers.Dispose();
        _engine.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Task.Run(Dispose);
}
