using System.CommandLine;
using System.Diagnostics;

namespace Users.Benchmarks.PostgreSql;

/// <summary>The store on PostgreSQL beside Npgsql by hand, with the same statements and connections, in turn in the same run.</summary>
internal sealed class PostgreSqlCommand : Command
{
    private readonly Option<string> _connection = new("--connection")
    {
        Description = "An empty database, as in Host=localhost;Database=bench;Username=bench.",
        Required = true,
    };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _seconds = SecondsOption.Create("How long each timed load is measured.", 2);

    public PostgreSqlCommand()
        : base("postgresql", "The store on PostgreSQL, as ratios to Npgsql by hand; and rooms over two replicas.")
    {
        Options.Add(_connection);
        Options.Add(_rounds);
        Options.Add(_seconds);
        SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(_connection), parsed.GetValue(_rounds), TimeSpan.FromSeconds(parsed.GetValue(_seconds))));
    }

    private static async Task RunAsync(string connection, int rounds, TimeSpan time)
    {
        await using var store = new StoreSide(connection);
        await using var hand = new HandSide(connection);
        await store.FillAsync(20_000);
        (string Name, string Unit, Func<Task<double>> Store, Func<Task<double>> Hand)[] figures =
        [
            ("get, 1 caller", "users/s", () => RateAsync(1, time, store.FindAsync), () => RateAsync(1, time, hand.FindAsync)),
            ("get, 16 callers", "users/s", () => RateAsync(16, time, store.FindAsync), () => RateAsync(16, time, hand.FindAsync)),
            ("get, 100 callers", "users/s", () => RateAsync(100, time, store.FindAsync), () => RateAsync(100, time, hand.FindAsync)),
            ("list, pages of 500", "users/s", () => RateAsync(1, time, store.ListAsync), () => RateAsync(1, time, hand.ListAsync)),
            ("create, 1 caller", "users/s", () => RateAsync(1, time, store.CreateAsync), () => RateAsync(1, time, hand.CreateAsync)),
            ("create, 50 callers, by hand 1", "users/s", () => RateAsync(50, time, store.CreateAsync), () => RateAsync(1, time, hand.CreateAsync)),
            ("import, batches of 1 000", "users/s", () => RateAsync(1, time, store.ImportAsync), () => RateAsync(1, time, hand.ImportAsync)),
            ("import, batches of 1 000; by hand with COPY", "users/s", () => RateAsync(1, time, store.ImportAsync), () => RateAsync(1, time, hand.CopyAsync)),
        ];
        var results = figures.ToDictionary(figure => figure.Name, _ => new List<(double Store, double Hand)>());
        List<double> rooms = [];
        List<double> latencies = [];
        for (int round = 0; round <= rounds; round++)
        {
            foreach ((string name, _, Func<Task<double>> ours, Func<Task<double>> theirs) in figures)
            {
                await Console.Error.WriteLineAsync($"Round {round} of {rounds}: {name}");
                (double, double) pair = round % 2 == 0 ? (await ours(), await theirs()) : Swap(await theirs(), await ours());
                // The first is to warm up.
                if (round > 0)
                {
                    results[name].Add(pair);
                }
            }

            double posts = await store.PostsAsync(16, time);
            double[] travelled = await store.LatenciesAsync(100);
            if (round > 0)
            {
                rooms.Add(posts);
                latencies.AddRange(travelled);
            }
        }

        Console.WriteLine("| figure | unit | store | by hand | store / by hand |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((string name, string unit, _, _) in figures)
        {
            List<(double Store, double Hand)> pairs = results[name];
            Console.WriteLine(
                $"| {name} | {unit} | {Figures.Median(pairs, pair => pair.Store):n0} | {Figures.Median(pairs, pair => pair.Hand):n0} "
                + $"| {Figures.Median(pairs, pair => pair.Store / pair.Hand):f2} |");
        }

        Console.WriteLine($"| one room, 16 speakers on 2 replicas | messages/s | {Figures.Median(rooms, posts => posts):n0} |  |  |");
        double[] sorted = [.. latencies.Order()];
        Console.WriteLine($"| from a post on one replica to the other's subscriber, p50, p99 | ms | {sorted[sorted.Length / 2]:f1}, {sorted[sorted.Length * 99 / 100]:f1} |  |  |");
    }

    private static (double, double) Swap(double hand, double store) => (store, hand);

    private static async Task<double> RateAsync(int callers, TimeSpan time, Func<Task<int>> callAsync)
    {
        long start = Stopwatch.GetTimestamp();
        int[] done = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            int count = 0;
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                count += await callAsync();
            }

            return count;
        })));
        return done.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
