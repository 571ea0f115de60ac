namespace Users.Data.Tests;

/// <summary>Lets the database itself refuse what is written under certain names, for reasons that no outcome names.</summary>
internal static class Trap
{
    /// <summary>A row with this name fails.</summary>
    public static void FailInsert(string database, string name) => RawDatabase.Execute(database, $"""
        CREATE TRIGGER refuse BEFORE INSERT ON users WHEN new.name = '{name}' BEGIN SELECT RAISE(ABORT, 'refused'); END
        """);

    /// <summary>A row with this name is taken, and then the commit that holds it fails: a deferred foreign key is judged by COMMIT.</summary>
    public static void FailCommit(string database, string name) => RawDatabase.Execute(database, $"""
        CREATE TABLE parent (id INTEGER PRIMARY KEY);
        CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER orphan AFTER INSERT ON users WHEN new.name = '{name}' BEGIN INSERT INTO child VALUES (1); END
        """);
}
