using Microsoft.Data.Sqlite;

namespace Users.Data.Tests;

public sealed class ReaderPoolTests : IDisposable
{
    private readonly TestFolder _folder = TestFolder.WithDatabase();
    private readonly Connections _connections = new();
    private readonly UserStore _store;
    private readonly ReaderPool _pool;
    private readonly int _before;

    public ReaderPoolTests()
    {
        _store = _folder.Open(interceptors: [_connections]);
        _pool = _store.Readers;
        _before = _connections.Opened.Count;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Opened => _connections.Opened.Count - _before;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reads_one_after_another_share_a_connection()
    {
        for (int i = 0; i < 10; i++)
        {
            await _store.Users.FindAsync("nobody", Cancellation);
        }

        Assert.Equal(1, Opened);
    }

    [Fact]
    public async Task Of_many_connections_only_a_few_are_kept()
    {
        int kept = 2 * Environment.ProcessorCount;
        await ReadAtOnceAsync(kept + 50);

        await ReadAtOnceAsync(kept + 50);

        Assert.Equal(kept + 50 + 50, Opened);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_locked_database_is_busy_to_a_reader(int code)
    {
        await Assert.ThrowsAsync<StoreBusyException>(async () => await ReadAsync(_ => throw new SqliteException("locked", code)));
        await Assert.ThrowsAsync<StoreBusyException>(async () => await ReadAsync(async _ =>
        {
            await Task.Yield();
            throw new SqliteException("locked", code);
        }));
    }

    [Fact]
    public async Task A_read_that_fails_gives_its_connection_up_and_its_error_on()
    {
        await Assert.ThrowsAsync<SqliteException>(async () => await ReadAsync(_ => throw new SqliteException("broken", 1)));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ReadAsync(async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException();
        }));

        Assert.Null(await _store.Users.FindAsync("nobody", Cancellation));
        Assert.Equal(3, Opened);
    }

    [Fact]
    public async Task A_read_that_outlives_the_pool_closes_its_connection_itself()
    {
        var release = new TaskCompletionSource();
        IStoreReader? taken = null;
        Task<int> reading = ReadAsync(async reader =>
        {
            taken = reader;
            await release.Task;
            return 1;
        }).AsTask();

        _pool.Dispose();
        release.SetResult();

        Assert.Equal(1, await reading);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await taken!.FindUserAsync("nobody", Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ReadAsync(_ => ValueTask.FromResult(1)));
    }

    private ValueTask<int> ReadAsync(Func<IStoreReader, ValueTask<int>> read) =>
        _pool.ReadAsync(static (reader, read, _) => read(reader), read, Cancellation);

    private async Task ReadAtOnceAsync(int count)
    {
        var release = new TaskCompletionSource();
        Task<int>[] reads = [.. Enumerable.Range(0, count).Select(_ => ReadAsync(async _ =>
        {
            await release.Task;
            return 1;
        }).AsTask())];
        release.SetResult();
        await Task.WhenAll(reads);
    }
}
