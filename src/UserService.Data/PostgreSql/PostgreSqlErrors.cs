using System.Net.Sockets;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>Turns PostgreSQL's errors into what the store's callers can act on.</summary>
internal static class PostgreSqlErrors
{
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>The exception for the caller of a read, or of a write that was rolled back; an error that is a bug of ours stays as it is.</summary>
    public static Exception ForCaller(Exception error) => error is StoreBusyException ? error : Of(error) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new StoreFullException("The database is full.", error),
        PostgresException database => IsPassing(database) ? new StoreBusyException("The database is busy.", error) : error,
        NpgsqlException => new StoreBusyException("The database does not answer.", error),
        null => error,
    };

    /// <summary>The database rolled back what an item did, and goes on: each item may run again by itself.</summary>
    public static bool IsOfAnItem(Exception error) => Of(error) is PostgresException database && !EndsTheConnection(database);

    /// <summary>The connection broke, or its answer did not come in time: what it was asked may be done.</summary>
    public static bool IsOfTheConnection(Exception error) => Of(error) is { } database && !IsOfAnItem(database);

    /// <summary>The connection is gone. An answer that did not come in time is not meant, nor one to a commit, which may be written.</summary>
    public static bool IsLost(Exception error) => error is not StoreBusyException && IsOfTheConnection(error) && Of(error)!.InnerException is not TimeoutException;

    /// <summary>A lock that another replica held for too long, or one that each of two waited for.</summary>
    public static bool IsOfLocks(Exception error) => Of(error) is PostgresException
    {
        SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    };

    /// <summary>Whether the database may answer later, without a change by its operator.</summary>
    public static bool MayPass(NpgsqlException error) => error is not PostgresException database || IsPassing(database);

    /// <summary>The sentence for an operator whose database cannot be opened.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="place">The server and the database.</param>
    public static string ForOperator(NpgsqlException error, string place) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"The database {place} refuses the user or its password; correct Username and Password in ConnectionStrings:Users.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"The database {place} does not exist; create it, or name another.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
            $"The database {place} does not let its user make tables; let it own the database, or run the migrations as one that may.",
        PostgresException database => $"The database {place} cannot be opened (PostgreSQL's error {database.SqlState}: {database.MessageText}).",
        { InnerException: SocketException socket } =>
            $"The database {place} does not answer ({socket.SocketErrorCode}); start it, or correct Host and Port in ConnectionStrings:Users.",
        { InnerException: TimeoutException } => $"The database {place} does not answer in time; start it, or correct Host and Port in ConnectionStrings:Users.",
        // Npgsql's own, such as that there is no password in the connection string.
        _ => $"The database {place} cannot be opened: {error.Message}",
    };

    /// <summary>The database's error in this one: EF Core wraps those that it takes for ones that pass.</summary>
    public static NpgsqlException? Of(Exception? error) => error switch
    {
        null => null,
        NpgsqlException database => database,
        _ => Of(error.InnerException),
    };

    private static bool IsPassing(PostgresException error) =>
        error.IsTransient || IsOfLocks(error) || EndsTheConnection(error) || error.SqlState is
            // Of two that wrote the same at the same moment: the next try finds it.
            PostgresErrorCodes.UniqueViolation
            // A standby, before a failover has reached it.
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.QueryCanceled;

    // PostgreSQL's appendix A: class 08 is connection exceptions, 57P operator intervention. 25P03, in a class of other errors, ends the session
    // of a process that stood still in a transaction.
    private static bool EndsTheConnection(PostgresException error) =>
        error.SqlState.StartsWith("08", StringComparison.Ordinal) || error.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || error.SqlState is IdleInTransactionSessionTimeout;
}
