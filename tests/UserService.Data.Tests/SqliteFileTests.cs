using Microsoft.Data.Sqlite;

namespace Users.Data.Tests;

public sealed class EfSqliteFileTests() : SqliteFileTests(path: null);

/// <summary>What the store does to SQLite's file and its write-ahead log.</summary>
public abstract class SqliteFileTests(Action<UserStoreOptions>? path) : StoreTests(path, options =>
{
    options.WriteQueueLength = 150;
    options.BusyTimeout = TimeSpan.FromMilliseconds(50);
})
{
    [Fact]
    public async Task Work_that_waits_shares_one_commit()
    {
        int before = WriteAheadLog.CountCommits(Folder.Database);
        using HeldWriter holding = Hold();
        Task<UserWrite>[] creates = [.. Enumerable.Range(0, 100).Select(i => Queue($"user{i}"))];

        await holding.ReleaseAsync();
        UserWrite[] writes = await Task.WhenAll(creates);

        Assert.All(writes, write => Assert.Equal(UserWriteStatus.Done, write.Status));
        Assert.Equal(1, WriteAheadLog.CountCommits(Folder.Database) - before);
        Assert.Equal(100, (await Repository.ReadPageAsync(null, 1_000, Cancellation)).Count);
    }

    [Theory]
    [InlineData(1, 11)]
    [InlineData(3, 4)]
    public async Task A_commit_takes_at_most_as_many_items_as_the_options_say(int maxCommit, int commits)
    {
        using TestFolder folder = TestFolder.WithDatabase();
        var gate = new WriterGate();
        using UserStore store = Open(folder, options => options.MaxCommit = maxCommit, gate);
        int before = WriteAheadLog.CountCommits(folder.Database);
        using HeldWriter holding = gate.Hold(store);
        Task<UserWrite>[] creates =
            [.. Enumerable.Range(0, 11).Select(i => store.Users.CreateAsync(new NewUser($"User {i}", $"{i}@example.org"), Cancellation))];

        await holding.ReleaseAsync();
        await Task.WhenAll(creates);

        // The holder is the first item, and writes nothing.
        Assert.Equal(commits, WriteAheadLog.CountCommits(folder.Database) - before);
    }

    [Fact]
    public async Task A_database_that_another_program_holds_is_busy_for_all_who_wait_and_works_again_afterwards()
    {
        Task<UserWrite>[] waiting;
        using (SqliteConnection other = RawDatabase.Connect(Folder.Database))
        using (other.BeginTransaction())
        {
            waiting = [.. Enumerable.Range(0, 100).Select(i => Queue($"user{i}"))];
            await Assert.ThrowsAsync<StoreBusyException>(() => waiting[0]);
        }

        // One wait was enough for all: had the others waited on, they would now succeed.
        foreach (Task<UserWrite> other in waiting)
        {
            await Assert.ThrowsAsync<StoreBusyException>(() => other);
        }

        Assert.Equal(UserWriteStatus.Done, (await Queue("ada")).Status);
        Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task A_slow_reader_does_not_keep_the_write_ahead_log_from_being_used_again()
    {
        await Repository.CreateManyAsync(
            [.. Enumerable.Range(0, 1_000).Select(i => new NewUser($"user {i}", $"user{i}@example.org"))], Cancellation);
        await using IAsyncEnumerator<IReadOnlyList<User>> reader = Repository.ListPagesAsync(null, long.MaxValue, Cancellation).GetAsyncEnumerator(Cancellation);
        await reader.MoveNextAsync();

        for (int i = 0; i < 20; i++)
        {
            // 2 MB; a connection that writes begins the log anew after 4 MB, unless somebody still reads from it.
            RawDatabase.Execute(Folder.Database, $"""
                WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number WHERE value < 500)
                INSERT INTO users (id, name, email, create_time, update_time, etag) SELECT {i} || '-' || value, hex(zeroblob(2000)), {i} || '-' || value, 0, 0, '' FROM number
                """);
        }

        long log = new FileInfo(Folder.Database + "-wal").Length;
        Assert.True(log < 10 * 1024 * 1024, $"{log} bytes of log");
        Assert.True(new FileInfo(Folder.Database).Length > 2 * log, "Too little was written to tell.");
        Assert.True(await reader.MoveNextAsync());
    }

    private Task<UserWrite> Queue(string name) => Repository.CreateAsync(new NewUser(name, $"{name}@example.org"), Cancellation);
}
