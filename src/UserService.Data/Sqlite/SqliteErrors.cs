using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using static SQLitePCL.raw;

namespace Users.Data.Sqlite;

/// <summary>Turns SQLite's error codes into what the store's callers can act on.</summary>
internal static class SqliteErrors
{
    /// <summary>The exception for the caller of a read or write; an error that is a bug of ours stays as it is.</summary>
    public static Exception ForCaller(Exception error) => Code(error) switch
    {
        SQLITE_FULL => new StoreFullException("The database is full.", error),
        SQLITE_BUSY or SQLITE_LOCKED => new StoreBusyException("The database is locked by another program.", error),
        SQLITE_CORRUPT or SQLITE_NOTADB => new StoreBusyException("The database is damaged.", error),
        _ => error,
    };

    /// <summary>The sentence for an operator whose database cannot be opened.</summary>
    public static UserStoreException ForOperator(SqliteException error, string path) => new(
        error.SqliteErrorCode switch
        {
            SQLITE_NOTADB => $"The file '{path}' is not a SQLite database; name another or move it away.",
            SQLITE_CORRUPT => $"The database '{path}' is damaged; restore it from a backup.",
            SQLITE_BUSY or SQLITE_LOCKED => $"The database '{path}' is in use by another process; stop that one or name another file.",
            SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PERM =>
                $"The database '{path}' cannot be opened for writing; check its permissions.",
            SQLITE_FULL => $"There is no space left for the database '{path}'.",
            int code => $"SQLite cannot open the database '{path}' (error {code}).",
        },
        error);

    /// <summary>Whether the file does not hold what SQLite wrote there.</summary>
    public static bool IsDamage(Exception error) => Code(error) is SQLITE_CORRUPT or SQLITE_NOTADB;

    private static int Code(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode,
        DbUpdateException { InnerException: SqliteException sqlite } => sqlite.SqliteErrorCode,
        _ => SQLITE_OK,
    };
}
