using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Users.Data;
using Users.Data.PostgreSql;

namespace Users.Benchmarks.PostgreSql;

/// <summary>Two replicas' stores in this process.</summary>
internal sealed class StoreSide : IAsyncDisposable
{
    private readonly UserStore _store;
    private readonly UserStore _other;
    private string[] _ids = [];
    private string? _after;
    private int _created;

    public StoreSide(string connection) => (_store, _other) = (Open(connection), Open(connection));

    public async Task FillAsync(int count)
    {
        List<string> ids = [];
        for (int i = 0; i < count; i += UserRepository.MaxBatch)
        {
            ids.AddRange((await _store.Users.CreateManyAsync(Batch(), CancellationToken.None)).Select(write => write.User!.Id));
        }

        _ids = [.. ids];
    }

    public async Task<int> FindAsync() =>
        await _store.Users.FindAsync(_ids[Random.Shared.Next(_ids.Length)], CancellationToken.None) is null ? throw new InvalidOperationException() : 1;

    public async Task<int> ListAsync()
    {
        IReadOnlyList<User> page = await _store.Users.ReadPageAsync(_after, 500, CancellationToken.None);
        _after = page.Count < 500 ? null : page[^1].Id;
        return page.Count;
    }

    public async Task<int> CreateAsync() =>
        (await _store.Users.CreateAsync(New(), CancellationToken.None)).Status is UserWriteStatus.Done ? 1 : throw new InvalidOperationException();

    public async Task<int> ImportAsync() => (await _store.Users.CreateManyAsync(Batch(), CancellationToken.None)).Count;

    /// <summary>Messages a second into one room, from speakers on both replicas that each wait for their own.</summary>
    public async Task<double> PostsAsync(int speakers, TimeSpan time)
    {
        string room = $"{Guid.NewGuid()}";
        long start = Stopwatch.GetTimestamp();
        int[] said = await Task.WhenAll(Enumerable.Range(0, speakers).Select(speaker => Task.Run(async () =>
        {
            int count = 0;
            for (; Stopwatch.GetElapsedTime(start) < time; count++)
            {
                await (speaker % 2 == 0 ? _store : _other).Chat.PostAsync(room, _ids[speaker], [new NewMessage("hello, how are you?")], CancellationToken.None);
            }

            return count;
        })));
        return said.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Milliseconds from a post on one replica to its arrival at a subscriber of the other, each after some silence.</summary>
    public async Task<double[]> LatenciesAsync(int count)
    {
        string room = $"{Guid.NewGuid()}";
        using ChatSubscription subscription = (await _other.Chat.SubscribeAsync(room, 0, CancellationToken.None))!;
        double[] latencies = new double[count];
        for (int i = 0; i < count; i++)
        {
            await Task.Delay(20);
            long start = Stopwatch.GetTimestamp();
            await _store.Chat.PostAsync(room, _ids[0], [new NewMessage("hello")], CancellationToken.None);
            await subscription.ReadAsync(CancellationToken.None);
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return latencies;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _other.DisposeAsync();
    }

    private static UserStore Open(string connection)
    {
        var options = new UserStoreOptions { ConnectionString = connection };
        options.UsePostgreSql(new PostgreSqlOptions());
        return UserStore.Open(options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private NewUser[] Batch() => [.. Enumerable.Range(0, UserRepository.MaxBatch).Select(_ => New())];

    private NewUser New()
    {
        int number = Interlocked.Increment(ref _created);
        return new NewUser($"User {number}", $"user{number * 7919L % 1_000_003}.{number}@example.org", Guid.NewGuid());
    }
}
