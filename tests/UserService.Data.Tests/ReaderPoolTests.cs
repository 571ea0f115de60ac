using Microsoft.Data.Sqlite;

namespace Users.Data.Tests;

public sealed class ReaderPoolTests : IDisposable
{
    private readonly TestFolder _folder = TestFolder.WithDatabase();
    private readonly ReaderPool _pool;
    private int _opened;

    public ReaderPoolTests()
    {
        _pool = new ReaderPool(() =>
        {
            Interlocked.Increment(ref _opened);
            return RawDatabase.Context(_folder.Database);
        });
    }

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reads_one_after_another_share_a_connection()
    {
        for (int i = 0; i < 10; i++)
        {
            await _pool.ReadAsync(db => Task.FromResult(db.Users.Count()));
        }

        Assert.Equal(1, _opened);
    }

    [Fact]
    public async Task Of_many_connections_only_a_few_are_kept()
    {
        int kept = 2 * Environment.ProcessorCount;
        await ReadAtOnceAsync(kept + 50);

        await ReadAtOnceAsync(kept + 50);

        Assert.Equal(kept + 50 + 50, _opened);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_locked_database_is_busy_to_a_reader(int code)
    {
        await Assert.ThrowsAsync<StoreBusyException>(async () =>
            await _pool.ReadAsync<int>(_ => throw new SqliteException("locked", code)));
    }

    [Fact]
    public async Task A_read_that_fails_gives_its_connection_up_and_its_error_on()
    {
        await Assert.ThrowsAsync<SqliteException>(async () => await _pool.ReadAsync<int>(_ => throw new SqliteException("broken", 11)));
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await _pool.ReadAsync<int>(_ => throw new InvalidOperationException()));

        Assert.Equal(0, await _pool.ReadAsync(db => Task.FromResult(db.Users.Count())));
        Assert.Equal(3, _opened);
    }

    [Fact]
    public async Task A_read_that_outlives_the_pool_closes_its_connection_itself()
    {
        var release = new TaskCompletionSource();
        UsersContext? context = null;
        Task<int> reading = _pool.ReadAsync(async db =>
        {
            context = db;
            await release.Task;
            return 1;
        }).AsTask();

        _pool.Dispose();
        release.SetResult();

        Assert.Equal(1, await reading);
        Assert.Throws<ObjectDisposedException>(() => context!.Users);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _pool.ReadAsync(_ => Task.FromResult(1)));
    }

    private async Task ReadAtOnceAsync(int count)
    {
        var release = new TaskCompletionSource();
        Task<int>[] reads = [.. Enumerable.Range(0, count).Select(_ => _pool.ReadAsync(async _ =>
        {
            await release.Task;
            return 1;
        }).AsTask())];
        release.SetResult();
        await Task.WhenAll(reads);
    }
}
