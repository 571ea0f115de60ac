using Users.Data.Sqlite.FastPath;

namespace Users.Data.Tests.FastPath;

/// <summary>A reader that keeps its transaction shows what is in the database, and holds nothing up.</summary>
public sealed class SnapshotTests : StoreTests
{
    private const int Reads = 10_000;
    private readonly Statements _statements;

    public SnapshotTests()
        : this(new Statements())
    {
    }

    private SnapshotTests(Statements statements)
        : base(FastPathOption.UseFastPath, configure: null, statements) => _statements = statements;

    [Fact]
    public async Task Reads_one_after_the_other_share_a_transaction()
    {
        await ReadAsync();

        Assert.InRange(Count("BEGIN"), 1, Reads / 10);
    }

    [Fact]
    public async Task Each_read_sees_what_was_written_before_it_while_other_reads_go_on()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task others = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    await Repository.FindAsync("nobody", Cancellation);
                }
            },
            Cancellation)));

        for (int i = 0; i < 500; i++)
        {
            User user = await CreateAsync($"user{i}");
            Assert.Equal(user.Etag, (await Repository.FindAsync(user.Id, Cancellation))?.Etag);
            Assert.Equal(UserWriteStatus.Done, await Repository.DeleteAsync(user.Id, null, Cancellation));
            Assert.Null(await Repository.FindAsync(user.Id, Cancellation));
        }

        await end.CancelAsync();
        await others;
    }

    [Fact]
    public async Task What_another_program_writes_is_seen()
    {
        await ReadAsync();

        RawDatabase.Execute(Folder.Database, "INSERT INTO users (id, name, email, create_time, update_time, etag) VALUES ('x', 'x', 'x', 0, 0, '')");

        while (await Repository.FindAsync("x", Cancellation) is null)
        {
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_commit_and_a_while_without_reads_end_what_is_kept()
    {
        foreach (Func<Task> end in (Func<Task>[])[() => CreateAsync("Ada"), AWhile])
        {
            await KeepAsync();

            await end();

            Assert.Equal("0", Checkpoint());
        }

        Task AWhile()
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Reads_beside_a_commit_keep_nothing()
    {
        await CreateAsync("Ada");
        using (HeldWriter holding = Hold())
        {
            await ReadAsync();
            await holding.ReleaseAsync();
        }

        Assert.Equal("0", Checkpoint());
    }

    [Fact]
    public async Task A_read_that_fails_leaves_nothing_behind()
    {
        await ReadAsync();
        RawDatabase.Execute(Folder.Database, "ALTER TABLE users RENAME TO others");
        for (int i = 0; i < Reads && await FailsAsync() is false; i++)
        {
        }

        RawDatabase.Execute(Folder.Database, "ALTER TABLE others RENAME TO users");

        Assert.Null(await Repository.FindAsync("nobody", Cancellation));

        async Task<bool> FailsAsync() => await Record.ExceptionAsync(() => Repository.FindAsync("nobody", Cancellation).AsTask()) is not null;
    }

    private async Task ReadAsync()
    {
        for (int i = 0; i < Reads; i++)
        {
            await Repository.FindAsync("nobody", Cancellation);
        }
    }

    // A busy machine may take the time away right before the last read, which then keeps nothing.
    private async Task KeepAsync()
    {
        for (int i = 0; i < 100; i++)
        {
            await CreateAsync(Guid.NewGuid().ToString());
            await ReadAsync();
            if (Checkpoint() == "1")
            {
                return;
            }
        }

        Assert.Fail("Nothing is kept.");
    }

    private int Count(string statement) => _statements.All.Count(sql => sql == statement);

    // 1: a reader kept the log from being written back and cut as a whole.
    private string Checkpoint() => RawDatabase.Query(Folder.Database, "PRAGMA wal_checkpoint(TRUNCATE)")[0];
}
