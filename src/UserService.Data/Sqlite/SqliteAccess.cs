namespace Users.Data.Sqlite;

/// <summary>What reads and what writes over a context whose connection is open. Each disposes it in the end.</summary>
internal sealed record SqliteAccess(Func<SqliteUsersContext, IStoreReader> Reader, Func<SqliteUsersContext, NewRows, IWriteEngine> Writer)
{
    public static SqliteAccess EfCore { get; } = new(db => new EfReader(db), (db, rows) => new EfWriter(db, new EfReader(db), rows));
}
