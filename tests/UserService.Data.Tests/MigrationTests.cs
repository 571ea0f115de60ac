using Microsoft.EntityFrameworkCore;

namespace Users.Data.Tests;

public sealed class MigrationTests : IDisposable
{
    private const string First = "20260101000000_CreateUsers";
    // Whatever the order of a table's columns: one that a migration adds comes last. That emails ignore case is for other tests to see.
    private const string SchemaSql = """
        SELECT 'column ' || tables.name || ' ' || columns.name || ' ' || columns.type || ' ' || columns."notnull" || ' ' || columns.pk
        FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND tables.name NOT LIKE '\_\_EF%' ESCAPE '\'
        UNION ALL
        SELECT type || ' ' || name || ' ' || sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL
        ORDER BY 1
        """;

    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Migrations_and_model_give_the_same_schema()
    {
        _folder.Open().Dispose();
        using (UsersContext context = RawDatabase.Context(_folder.File("model.db")))
        {
            context.Database.EnsureCreated();
        }

        string[] migrated = RawDatabase.Query(_folder.Database, SchemaSql);

        Assert.Equal(RawDatabase.Query(_folder.File("model.db"), SchemaSql), migrated);
        Assert.Contains(migrated, line => line.EndsWith(" email TEXT 1 0", StringComparison.Ordinal));
        Assert.Contains(migrated, line => line.StartsWith("column chat_messages text TEXT 1 0", StringComparison.Ordinal));
    }

    [Fact]
    public void The_snapshot_is_the_model()
    {
        using UsersContext context = RawDatabase.Context(_folder.Database);

        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Going_back_and_forth_over_every_migration_ends_at_the_same_schema()
    {
        _folder.Open().Dispose();
        string[] before = RawDatabase.Query(_folder.Database, SchemaSql);

        RawDatabase.MigrateTo(_folder.Database, "0");
        Assert.Empty(RawDatabase.Query(_folder.Database, SchemaSql));
        _folder.Open().Dispose();

        Assert.Equal(before, RawDatabase.Query(_folder.Database, SchemaSql));
    }

    [Fact]
    public async Task An_older_database_is_brought_up_with_its_data_kept()
    {
        RawDatabase.MigrateTo(_folder.Database, First);
        RawDatabase.Execute(_folder.Database, """
            INSERT INTO users (id, name, email, create_time, update_time, etag)
            VALUES ('01890000-0000-7000-8000-000000000001', 'Ada', 'ada@example.org', 1000000, 2000000, '0123456789abcdef')
            """);
        Assert.Empty(RawDatabase.Query(_folder.Database, "SELECT name FROM sqlite_master WHERE name = 'chat_messages'"));

        using UserStore store = _folder.Open();

        User user = Assert.Single(await store.Users.ReadPageAsync(null, 10, Cancellation));
        Assert.Equal(("Ada", "ada@example.org", "0123456789abcdef"), (user.Name, user.Email, user.Etag));
        Assert.Equal((DateTimeOffset.UnixEpoch.AddSeconds(1), DateTimeOffset.UnixEpoch.AddSeconds(2)), (user.CreateTime, user.UpdateTime));
        Assert.Equal(1, (await store.Chat.PostAsync("lobby", user.Id, "hello", Cancellation))!.Sequence);
        Assert.False(store.IsNew);
    }

    [Fact]
    public async Task Rooms_go_on_after_what_was_said_before_there_was_a_table_of_them()
    {
        RawDatabase.MigrateTo(_folder.Database, "20260104000000_NoteHighestDeletedId");
        RawDatabase.Execute(_folder.Database, """
            INSERT INTO users (id, name, email, create_time, update_time, etag)
            VALUES ('01890000-0000-7000-8000-000000000001', 'Ada', 'ada@example.org', 1000000, 2000000, '0123456789abcdef');
            INSERT INTO chat_messages (room, sequence, user_id, text, time)
            VALUES ('lobby', 1, 'x', 'one', 0), ('lobby', 2, 'x', 'two', 0), ('kitchen', 7, 'x', 'the rest is pruned', 0)
            """);

        using UserStore store = _folder.Open();

        Assert.Equal(["kitchen 7", "lobby 2"], RawDatabase.Query(_folder.Database, "SELECT name || ' ' || last FROM rooms ORDER BY name"));
        Assert.Equal(3, (await store.Chat.PostAsync("lobby", "01890000-0000-7000-8000-000000000001", "three", Cancellation))!.Sequence);
        Assert.Equal([null, null, null], (await store.Chat.ReadTableAsync("lobby", 0, 10, Cancellation)).Select(entry => entry.RequestId));
    }

    [Fact]
    public void A_newer_database_is_refused_and_left_as_it_is()
    {
        _folder.Open().Dispose();
        RawDatabase.Execute(_folder.Database, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99.0.0')");
        string[] before = RawDatabase.Query(_folder.Database, "SELECT MigrationId FROM __EFMigrationsHistory");

        var error = Assert.Throws<UserStoreException>(() => _folder.Open());

        Assert.Equal($"The database '{_folder.Database}' was written by a newer version of this program; run that version.", error.Message);
        Assert.Equal(before, RawDatabase.Query(_folder.Database, "SELECT MigrationId FROM __EFMigrationsHistory"));
    }

    [Fact]
    public async Task A_database_is_new_until_it_has_its_first_users()
    {
        using (UserStore first = _folder.Open())
        {
            Assert.True(first.IsNew);
        }

        using (UserStore second = _folder.Open())
        {
            Assert.True(second.IsNew);
            await second.Users.SeedAsync([], Cancellation);
        }

        using UserStore third = _folder.Open();
        Assert.False(third.IsNew);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(First)]
    public void A_migration_lock_that_a_killed_start_left_behind_is_cleared(string? reached)
    {
        if (reached is not null)
        {
            RawDatabase.MigrateTo(_folder.Database, reached);
        }

        RawDatabase.Execute(_folder.Database, """
            CREATE TABLE IF NOT EXISTS __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL);
            INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01 00:00:00+00:00')
            """);

        using UserStore store = _folder.Open();

        Assert.Equal(reached is null, store.IsNew);
        Assert.Empty(RawDatabase.Query(_folder.Database, "SELECT Id FROM __EFMigrationsLock"));
    }

    [Fact]
    public void A_current_database_is_opened_without_migrating()
    {
        _folder.Open().Dispose();
        // EF would wait for ever for this lock, if it were asked.
        RawDatabase.Execute(_folder.Database, "INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01 00:00:00+00:00')");

        _folder.Open().Dispose();

        Assert.Single(RawDatabase.Query(_folder.Database, "SELECT Timestamp FROM __EFMigrationsLock"));
    }
}
