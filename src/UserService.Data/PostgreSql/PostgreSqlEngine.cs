using Microsoft.EntityFrameworkCore;

namespace Users.Data.PostgreSql;

/// <summary>The connections to one PostgreSQL database, which other processes use as well.</summary>
internal sealed class PostgreSqlEngine : IStoreEngine
{
    private readonly StoreStart _start;
    private readonly Connections _connections;
    private readonly RoomNotifier _notifier;
    private readonly DbContextOptions<PostgreSqlUsersContext> _options;
    private readonly SharedFinds _finds;

    private PostgreSqlEngine(StoreStart start, Connections connections, string[] ran)
    {
        _start = start;
        _connections = connections;
        _options = PostgreSqlUsersContext.Options(connections.Readers, start.Logging, start.Interceptors);
        _finds = new SharedFinds(_options, start);
        Migrations = ran.Length;
        using var context = new PostgreSqlUsersContext(_options);
        IsNew = FirstUsers.AreDue(context);
        LargestUserId = PostgreSqlMigrator.LargestUserId(context);
        // Last, since it has a loop that only disposing ends.
        _notifier = new RoomNotifier(connections.Background, start);
    }

    public string System => "postgresql";

    public string Place => _connections.Place;

    public bool IsNew { get; }

    public string? LargestUserId { get; }

    public int Migrations { get; }

    // Where the database is damaged, it says so to each query.
    public Exception? Fault => null;

    /// <summary>Waits for the database if it may, and creates its tables or brings them up to date.</summary>
    /// <exception cref="UserStoreException">The database cannot be used; the message says why.</exception>
    public static PostgreSqlEngine Open(StoreStart start, PostgreSqlOptions settings)
    {
        var connections = new Connections(start.Options, settings);
        try
        {
            string[] ran = new PostgreSqlMigrator(start, connections, settings.StartWait).Run();
            return new PostgreSqlEngine(start, connections, ran);
        }
        catch (Exception error) when (PostgreSqlErrors.Of(error) is { } database)
        {
            connections.Dispose();
            throw new UserStoreException(PostgreSqlErrors.ForOperator(database, connections.Place), error);
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    public IStoreReader OpenReader() => new PostgreSqlReader(new PostgreSqlUsersContext(_options), _finds);

    public IWriteEngine OpenWriter(NewRows rows) => new PostgreSqlWriter(_start, _connections, _notifier, rows);

    public IDisposable? Follow(ChatLog chat, UserRepository users) => new RoomListener(_connections.Background, _start, chat, users);

    public Exception ForCaller(Exception error) => PostgreSqlErrors.ForCaller(error);

    public void Dispose()
    {
        _notifier.Dispose();
        _connections.Dispose();
    }
}
