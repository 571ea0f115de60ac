namespace Users.Data.Sqlite;

/// <summary>How an engine reads and writes its file: with EF Core, unless a part brings its own way.</summary>
/// <param name="Reader">Reads over a context whose connection is open, and disposes it in the end.</param>
/// <param name="Writer">Writes likewise.</param>
/// <param name="LetGo">Comes every few seconds: a reader that nobody uses keeps nothing of the file.</param>
internal sealed record SqliteAccess(
    Func<SqliteUsersContext, IStoreReader> Reader, Func<SqliteUsersContext, NewRows, IWriteEngine> Writer, Action LetGo)
{
    public static SqliteAccess EfCore { get; } =
        new(db => new EfReader(db), (db, rows) => new EfWriter(db, new EfReader(db), rows), () => { });
}
