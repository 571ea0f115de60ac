using System.CommandLine;
using System.Diagnostics;
using Users.V1;

namespace Users.Benchmarks;

/// <summary>
/// Creates per second with many creates in one commit and with one commit each. Two servers take turns within each round, so that
/// what else the machine does meets both.
/// </summary>
internal sealed class CommitsCommand : Command
{
    private static readonly int[] Callers = [1, 10, 100];

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _seconds = SecondsOption.Create("How long each time.", 3);

    public CommitsCommand()
        : base("commits", "Unary creates per second, sharing commits and with a commit each.")
    {
        Options.Add(_rounds);
        Options.Add(_seconds);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(_rounds), TimeSpan.FromSeconds(parsed.GetValue(_seconds))));
    }

    private static async Task<int> RunAsync(int rounds, TimeSpan time)
    {
        await using ServerUnderTest grouped = await ServerUnderTest.StartAsync();
        await using ServerUnderTest single = await ServerUnderTest.StartAsync("Limits__MaxCommit=1");
        await MeasureAsync(grouped, 10, time);
        await MeasureAsync(single, 10, time);
        var figures = Callers.ToDictionary(callers => callers, _ => new List<(Figure Grouped, Figure Single)>());
        for (int round = 1; round <= rounds; round++)
        {
            foreach (int callers in Callers)
            {
                await Console.Error.WriteLineAsync($"Round {round} of {rounds}, {callers} callers");
                Figure first = await MeasureAsync(round % 2 == 0 ? grouped : single, callers, time);
                Figure second = await MeasureAsync(round % 2 == 0 ? single : grouped, callers, time);
                figures[callers].Add(round % 2 == 0 ? (first, second) : (second, first));
            }
        }

        Console.WriteLine("| concurrent creates | grouped: creates/s | commits/s | single: creates/s | commits/s | grouped / single |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach ((int callers, List<(Figure Grouped, Figure Single)> pairs) in figures)
        {
            Console.WriteLine(
                $"| {callers} | {Figures.Median(pairs, pair => pair.Grouped.Creates):n0} | {Figures.Median(pairs, pair => pair.Grouped.Commits):n0} "
                + $"| {Figures.Median(pairs, pair => pair.Single.Creates):n0} | {Figures.Median(pairs, pair => pair.Single.Commits):n0} "
                + $"| {Figures.Median(pairs, pair => pair.Grouped.Creates / pair.Single.Creates):f2} |");
        }

        return 0;
    }

    private static async Task<Figure> MeasureAsync(ServerUnderTest server, int callers, TimeSpan time)
    {
        UserService.UserServiceClient client = server.Connect();
        uint commits = CommitCount.Read(server.Database);
        long start = Stopwatch.GetTimestamp();
        int[] created = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CreateAsync)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Figure(created.Sum() / seconds, (CommitCount.Read(server.Database) - commits) / seconds);

        async Task<int> CreateAsync()
        {
            int count = 0;
            for (; Stopwatch.GetElapsedTime(start) < time; count++)
            {
                await client.CreateUserAsync(new CreateUserRequest { Name = "Ada Lovelace", Email = $"{Guid.NewGuid()}@example.com" });
            }

            return count;
        }
    }

    /// <summary>Both per second.</summary>
    private sealed record Figure(double Creates, double Commits);
}
