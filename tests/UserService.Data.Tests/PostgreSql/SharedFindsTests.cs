using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Users.Data.PostgreSql;

namespace Users.Data.Tests.PostgreSql;

public sealed class SharedFindsTests : IDisposable
{
    private readonly string _database = PostgreSqlDatabases.Create();
    private readonly HeldQueries _queries = new();
    private readonly FakeTimeProvider _time = new();
    private readonly UserStore _store;

    public SharedFindsTests()
    {
        _store = PostgreSqlDatabases.Open(_database, time: _time, interceptors: _queries);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Callers_who_wait_for_their_turn_share_queries_and_each_gets_the_own_answer()
    {
        User[] users = await CreateAsync(2 * SharedFinds.MaxIds);
        Task<User?>[] first = await OccupyAsync(users[0].Id);
        string[] ids = [.. users.Select(user => user.Id), users[1].Id, "nobody"];

        Task<User?>[] later = [.. ids.Select(id => FindAsync(id))];
        _queries.Release();

        Assert.True((await Task.WhenAll(later)).Select(user => user?.Id).SequenceEqual([.. ids[..^1], null]));
        Assert.All(await Task.WhenAll(first), user => Assert.Equal(ids[0], user?.Id));
        Assert.Equal(SharedFinds.MaxQueries + 3, _queries.Count);
    }

    [Fact]
    public async Task One_caller_after_another_has_a_query_of_its_own()
    {
        User user = (await CreateAsync(1))[0];
        _queries.Release();

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(user.Id, (await FindAsync(user.Id))?.Id);
        }

        Assert.Equal(10, _queries.Count);
    }

    [Fact]
    public async Task A_caller_who_waits_sees_what_was_written_before_its_call()
    {
        User user = (await CreateAsync(1))[0];
        Task<User?>[] first = await OccupyAsync(user.Id);
        UserWrite changed = await _store.Users.UpdateAsync(new UserChange(user.Id, "b", null, null), Cancellation);

        Task<User?> later = FindAsync(user.Id);
        _queries.Release();

        Assert.Equal(changed.User!.Etag, (await later)?.Etag);
        await Task.WhenAll(first);
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_it_waits_is_not_looked_for()
    {
        Task<User?>[] first = await OccupyAsync("nobody");
        using var given = new CancellationTokenSource();
        Task<User?> waiting = FindAsync("somebody", given.Token);

        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _queries.Release();
        await Task.WhenAll(first);

        Assert.Null(await FindAsync("nobody"));
        Assert.Equal(SharedFinds.MaxQueries + 1, _queries.Count);
    }

    [Fact]
    public async Task A_caller_whose_turn_does_not_come_is_told_that_the_database_is_busy()
    {
        Task<User?>[] first = await OccupyAsync("nobody");
        Task<User?> waiting = FindAsync("somebody");

        _time.Advance(new UserStoreOptions().BusyTimeout);

        await Assert.ThrowsAsync<StoreBusyException>(() => waiting);
        _queries.Release();
        await Task.WhenAll(first);
        Assert.Equal(SharedFinds.MaxQueries, _queries.Count);
    }

    [Fact]
    public async Task A_query_that_fails_tells_all_who_share_it_and_the_next_one_runs()
    {
        User user = (await CreateAsync(1))[0];
        Task<User?>[] first = await OccupyAsync(user.Id);
        Task<User?>[] later = [.. Enumerable.Range(0, 10).Select(_ => FindAsync(user.Id))];

        _queries.Fault = new NpgsqlException("lost");
        _queries.Release();
        await Assert.ThrowsAsync<StoreBusyException>(() => Task.WhenAll(first));
        foreach (Task<User?> find in later)
        {
            await Assert.ThrowsAsync<StoreBusyException>(() => find);
        }

        _queries.Fault = null;

        Assert.Equal(user.Id, (await FindAsync(user.Id))?.Id);
    }

    private Task<User?> FindAsync(string id, CancellationToken? cancellation = null) =>
        _store.Users.FindAsync(id, cancellation ?? Cancellation).AsTask();

    /// <summary>Callers whose queries are held, so that the next ones wait.</summary>
    private async Task<Task<User?>[]> OccupyAsync(string id)
    {
        Task<User?>[] finds = [.. Enumerable.Range(0, SharedFinds.MaxQueries).Select(_ => FindAsync(id))];
        for (int i = 0; i < SharedFinds.MaxQueries; i++)
        {
            await _queries.Begun.WaitAsync(Cancellation);
        }

        return finds;
    }

    private async Task<User[]> CreateAsync(int count)
    {
        NewUser[] users = [.. Enumerable.Range(0, count).Select(i => new NewUser("a", $"a{i}@example.org"))];
        return [.. (await _store.Users.CreateManyAsync(users, Cancellation)).Select(write => write.User!)];
    }

    /// <summary>Counts the store's queries for users, and holds them until they are released.</summary>
    private sealed class HeldQueries : DbCommandInterceptor
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<string> _run = new();

        public SemaphoreSlim Begun { get; } = new(0);

        public Exception? Fault { get; set; }

        public int Count => _run.Count;

        public void Release() => _released.TrySetResult();

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.Transaction is null && command.CommandText.Contains("FROM users", StringComparison.Ordinal))
            {
                _run.Enqueue(command.CommandText);
                Begun.Release();
                await _released.Task.WaitAsync(cancellationToken);
            }

            return Fault is null ? result : throw Fault;
        }
    }
}
