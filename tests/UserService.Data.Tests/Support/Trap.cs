using Microsoft.Data.Sqlite;

namespace Users.Data.Tests;

/// <summary>Lets the database itself refuse what is written under certain names, for reasons that no outcome names.</summary>
internal static class Trap
{
    /// <summary>A row with this name fails.</summary>
    public static void FailInsert(string database, string name) => Execute(
        database,
        $"CREATE TRIGGER refuse BEFORE INSERT ON users WHEN new.name = '{name}' BEGIN SELECT RAISE(ABORT, 'refused'); END",
        $"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW WHEN (new.name = '{name}') EXECUTE FUNCTION refuse();
        """);

    /// <summary>A row with this name is taken, and then the commit that holds it fails: a deferred constraint is judged by COMMIT.</summary>
    public static void FailCommit(string database, string name) => Execute(
        database,
        $"""
        CREATE TABLE parent (id INTEGER PRIMARY KEY);
        CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER orphan AFTER INSERT ON users WHEN new.name = '{name}' BEGIN INSERT INTO child VALUES (1); END
        """,
        $"""
        CREATE FUNCTION orphan() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
        CREATE CONSTRAINT TRIGGER orphan AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (new.name = '{name}') EXECUTE FUNCTION orphan();
        """);

    private static void Execute(string database, string sqlite, string postgreSql) =>
        RawDatabase.Execute(database, connection => connection is SqliteConnection ? sqlite : postgreSql);
}
