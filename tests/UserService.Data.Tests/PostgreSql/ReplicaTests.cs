using System.Diagnostics;
using Users.Tests.Support.PostgreSql;

namespace Users.Data.Tests.PostgreSql;

/// <summary>Two replicas on one database.</summary>
public sealed class ReplicaTests : IDisposable
{
    private readonly string _database = PostgreSqlDatabases.Create();
    private readonly UserStore[] _replicas;

    public ReplicaTests() => _replicas = [PostgreSqlDatabases.Open(_database), PostgreSqlDatabases.Open(_database)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Array.ForEach(_replicas, replica => replica.Dispose());

    [Theory]
    [InlineData(8, 625)]
    public async Task Every_subscriber_of_a_room_hears_the_same_log_without_a_gap(int writers, int each)
    {
        User[] users = await CreateAsync(2 * writers);
        int count = 2 * writers * each;
        Task<List<ChatEntry>>[] heard = [.. _replicas.SelectMany(replica => new[] { 0L, 0L }.Select(after => HearAsync(replica, "lobby", after, count)))];

        await Task.WhenAll(users.Select((user, i) => Task.Run(
            async () =>
            {
                for (int n = 0; n < each; n++)
                {
                    string requestId = $"{Guid.CreateVersion7()}";
                    Assert.Equal(PostStatus.Done, (await SayAsync(_replicas[i % 2], "lobby", user, $"{i} {n}", requestId)).Status);
                }
            },
            Cancellation)));

        List<ChatEntry>[] logs = await Task.WhenAll(heard);
        Assert.Equal(Enumerable.Range(1, count).Select(n => (long)n), logs[0].Select(entry => entry.Sequence));
        Assert.All(logs, log => Assert.Equal(logs[0], log));
        Assert.Equal(count, logs[0].Select(entry => entry.Text).Distinct().Count());
    }

    [Fact]
    public async Task Twenty_rooms_in_any_order_bring_no_deadlock_to_a_caller()
    {
        User[] users = await CreateAsync(16);

        await Task.WhenAll(users.Select((user, i) => Task.Run(
            async () =>
            {
                var random = new Random(i);
                for (int n = 0; n < 20; n++)
                {
                    int[] rooms = [.. Enumerable.Range(0, 20)];
                    random.Shuffle(rooms);
                    await Task.WhenAll(rooms.Select(room => SayAsync(_replicas[i % 2], $"room {room}", user, "hello")));
                }
            },
            Cancellation)));

        for (int room = 0; room < 20; room++)
        {
            List<ChatEntry> log = await HearAsync(_replicas[0], $"room {room}", 0, 16 * 20);
            Assert.Equal(Enumerable.Range(1, 16 * 20).Select(n => (long)n), log.Select(entry => entry.Sequence));
        }
    }

    [Fact]
    public async Task Replicas_that_cross_do_not_wait_for_a_second()
    {
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < 20; i++)
        {
            (NewUser x, NewUser y) = (new NewUser("x", $"x{i}@example.org"), new NewUser("y", $"y{i}@example.org"));
            long start = Stopwatch.GetTimestamp();

            IReadOnlyList<UserWrite>[] writes = await Task.WhenAll(
                _replicas[0].Users.CreateManyAsync([x, y], Cancellation), _replicas[1].Users.CreateManyAsync([y, x], Cancellation));

            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            Assert.Equal(
                [UserWriteStatus.Done, UserWriteStatus.Done, UserWriteStatus.EmailTaken, UserWriteStatus.EmailTaken],
                writes.SelectMany(outcome => outcome).Select(write => write.Status).Order());
        }

        Assert.True(longest < TimeSpan.FromSeconds(1), $"{longest}");
    }

    [Fact]
    public async Task An_import_that_is_resumed_on_the_other_replica_creates_each_user_once()
    {
        NewUser[] users = [.. Enumerable.Range(0, 5_000).Select(i => new NewUser($"User {i}", $"{i * 7919 % 5_000}@example.org", Guid.NewGuid()))];

        UserWrite[][] writes = await Task.WhenAll(_replicas.Select(async replica =>
        {
            List<UserWrite> all = [];
            foreach (NewUser[] batch in users.Chunk(UserRepository.MaxBatch))
            {
                all.AddRange(await replica.Users.CreateManyAsync(batch, Cancellation));
            }

            return all.ToArray();
        }));

        Assert.All(writes[0].Zip(writes[1]), pair => Assert.Equal(
            [UserWriteStatus.Done, UserWriteStatus.Existing], new[] { pair.First.Status, pair.Second.Status }.Order()));
    }

    [Fact]
    public async Task Fifty_callers_over_both_have_one_winner()
    {
        var requestId = Guid.NewGuid();
        Assert.Equal(1, Count(await AllAsync((replica, _) => replica.Users.CreateAsync(new NewUser("a", "a@example.org", requestId), Cancellation))));
        Assert.Equal(1, Count(await AllAsync((replica, i) => replica.Users.CreateAsync(new NewUser($"{i}", i % 3 == 0 ? "B@example.org" : "b@example.org"), Cancellation))));

        User user = (await CreateAsync(1))[0];
        UserWrite[] updates = await AllAsync((replica, i) => replica.Users.UpdateAsync(new UserChange(user.Id, $"{i}", null, user.Etag), Cancellation));
        Assert.Equal(1, Count(updates));
        Assert.Equal(49, updates.Count(update => update.Status == UserWriteStatus.EtagMismatch));

        Posted[] posts = await AllAsync((replica, _) => SayAsync(replica, "lobby", user, "hello", $"{requestId}"));
        Assert.Equal(1, posts.Sum(post => post.Added.Count));
        Assert.All(posts, post => Assert.Equal(1, post.Entries[0].Sequence));

        static int Count(UserWrite[] writes) => writes.Count(write => write.Status == UserWriteStatus.Done);
    }

    [Fact]
    public async Task Updates_of_each_others_emails_end_with_one_owner_of_each()
    {
        User[] users = await CreateAsync(2);

        UserWrite[] writes = await AllAsync((replica, i) => replica.Users.UpdateAsync(
            new UserChange(users[i % 2].Id, null, "wanted@example.org"), Cancellation));

        Assert.All(writes, write => Assert.True(write.Status is UserWriteStatus.Done or UserWriteStatus.EmailTaken));
        Assert.Single(users, user => _replicas[0].Users.FindAsync(user.Id, Cancellation).AsTask().Result!.Email == "wanted@example.org");
    }

    [Fact]
    public async Task A_listener_that_the_database_cut_off_comes_back_and_a_poll_makes_up_for_what_it_missed()
    {
        User user = (await CreateAsync(1))[0];
        Task<List<ChatEntry>> heard = HearAsync(_replicas[1], "lobby", 0, 30);

        for (int i = 0; i < 30; i++)
        {
            if (i % 10 == 5)
            {
                PostgreSqlCluster.Require().Execute(
                    "postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}' AND query LIKE 'LISTEN%'");
            }

            await SayAsync(_replicas[0], "lobby", user, $"{i}");
        }

        Assert.Equal(30, (await heard.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Count);
    }

    [Fact]
    public async Task A_write_after_the_database_cut_off_its_connection_goes_by_another()
    {
        await CreateAsync(1);
        PostgreSqlCluster.Require().Execute("postgres", $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{_database}'");

        UserWrite write = await _replicas[0].Users.CreateAsync(new NewUser("Ben", "ben@example.org"), Cancellation);

        Assert.Equal(UserWriteStatus.Done, write.Status);
    }

    [Fact]
    public async Task A_notification_that_is_not_true_moves_no_room()
    {
        User user = (await CreateAsync(1))[0];
        using ChatSubscription subscription = (await _replicas[0].Chat.SubscribeAsync("lobby", 0, Cancellation))!;
        Task<IReadOnlyList<ChatEntry>> reading = subscription.ReadAsync(Cancellation).AsTask();

        PostgreSqlCluster.Require().Execute(_database, "NOTIFY rooms, '1000 lobby'; NOTIFY rooms, 'nonsense'; NOTIFY rooms");
        await SayAsync(_replicas[1], "lobby", user, "hello");

        Assert.Equal(1, Assert.Single(await reading.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Sequence);
        Assert.Equal(1, subscription.End);
    }

    [Fact]
    public async Task A_user_that_the_other_replica_deletes_is_noticed()
    {
        User user = (await CreateAsync(1))[0];
        using UserWatch watch = (await _replicas[0].Users.WatchAsync(user.Id, Cancellation))!;
        var gone = new TaskCompletionSource();
        using CancellationTokenRegistration _ = watch.Deleted.Register(gone.SetResult);

        await _replicas[1].Users.DeleteAsync(user.Id, null, Cancellation);

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task A_room_that_a_stranger_locks_is_busy_and_the_others_go_on()
    {
        User user = (await CreateAsync(1))[0];
        await SayAsync(_replicas[0], "lobby", user, "hello");
        await using (Npgsql.NpgsqlConnection stranger = PostgreSqlDatabases.Connect(_database))
        {
            await using Npgsql.NpgsqlTransaction idle = await stranger.BeginTransactionAsync(Cancellation);
            await using var update = new Npgsql.NpgsqlCommand("UPDATE rooms SET last = last WHERE name = 'lobby'", stranger, idle);
            await update.ExecuteNonQueryAsync(Cancellation);

            Task<Posted> blocked = SayAsync(_replicas[0], "lobby", user, "waits");
            Task<Posted> other = SayAsync(_replicas[0], "kitchen", user, "hello");

            Assert.False((await Assert.ThrowsAsync<StoreBusyException>(() => blocked)).MayBeWritten);
            Assert.Equal(PostStatus.Done, (await other).Status);
        }

        Assert.Equal(2, (await SayAsync(_replicas[0], "lobby", user, "goes on")).Entries[0].Sequence);
    }

    [Fact]
    public async Task A_replica_that_stood_still_in_the_middle_of_a_commit_says_that_the_database_is_busy_and_goes_on()
    {
        var gate = new WriterGate();
        using UserStore replica = PostgreSqlDatabases.Open(_database, options => options.BusyTimeout = TimeSpan.FromSeconds(1), interceptors: gate);
        using HeldWriter commit = gate.HoldCommit();
        Task<UserWrite> create = replica.Users.CreateAsync(new NewUser("a", "a@example.org"), Cancellation);
        await commit.Begun;
        await UntilNoTransactionIsIdleAsync();
        commit.Release();

        await Assert.ThrowsAsync<StoreBusyException>(() => create);

        Assert.Equal(UserWriteStatus.Done, (await replica.Users.CreateAsync(new NewUser("a", "a@example.org"), Cancellation)).Status);
    }

    [Fact]
    public async Task Several_replicas_that_start_at_once_migrate_once_and_seed_once()
    {
        string database = PostgreSqlCluster.Require().Create();
        SeedUser[] seeds = [new("01890000-0000-7000-8000-000000000001", new NewUser("Ada", "ada@example.org"))];

        UserStore[] replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgreSqlDatabases.Open(database), Cancellation)));
        try
        {
            Assert.All(replicas, replica => Assert.True(replica.IsNew));
            await replicas[0].Users.SeedAsync(seeds, Cancellation);
            await replicas[0].Users.DeleteAsync(seeds[0].Id, null, Cancellation);
            await replicas[1].Users.SeedAsync(seeds, Cancellation);
            Assert.Null(await replicas[1].Users.FindAsync(seeds[0].Id, Cancellation));
        }
        finally
        {
            Array.ForEach(replicas, replica => replica.Dispose());
        }

        using UserStore later = PostgreSqlDatabases.Open(database);
        Assert.False(later.IsNew);
    }

    // PostgreSQL ends the session of a transaction that is idle for too long.
    private async Task UntilNoTransactionIsIdleAsync()
    {
        await using Npgsql.NpgsqlConnection beside = PostgreSqlDatabases.Connect(_database);
        await using var count = new Npgsql.NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'", beside);
        while ((long)(await count.ExecuteScalarAsync(Cancellation))! > 0)
        {
        }
    }

    private Task<T[]> AllAsync<T>(Func<UserStore, int, Task<T>> callAsync) =>
        Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => callAsync(_replicas[i % 2], i), Cancellation)));

    private async Task<User[]> CreateAsync(int count) =>
        [.. (await _replicas[0].Users.CreateManyAsync([.. Enumerable.Range(0, count).Select(i => new NewUser($"User {i}", $"user{i}@example.org"))], Cancellation))
            .Select(write => write.User!)];

    private static Task<Posted> SayAsync(UserStore replica, string room, User user, string text, string? requestId = null) =>
        replica.Chat.PostAsync(room, user.Id, [new NewMessage(text, requestId)], Cancellation);

    private static async Task<List<ChatEntry>> HearAsync(UserStore replica, string room, long after, int count)
    {
        using ChatSubscription subscription = (await replica.Chat.SubscribeAsync(room, after, Cancellation))!;
        return await subscription.ReadAsync(count);
    }
}
