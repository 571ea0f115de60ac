using System.CommandLine;
using System.Diagnostics;
using Grpc.Core;
using Users.V1;

namespace Users.Benchmarks;

/// <summary>
/// GetUser per second with each guard and with all of them, against none. Within a round each variant has a fresh server, and one
/// without guards right before it, so that what else the machine does meets both.
/// </summary>
internal sealed class GuardsCommand : Command
{
    private const int Callers = 32;

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _seconds = SecondsOption.Create("How long each time.", 2);

    public GuardsCommand()
        : base("guards", "Unary calls per second with TLS, tokens, limits and telemetry against without.")
    {
        Options.Add(_rounds);
        Options.Add(_seconds);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(_rounds), TimeSpan.FromSeconds(parsed.GetValue(_seconds))));
    }

    private static async Task<int> RunAsync(int rounds, TimeSpan time)
    {
        using var guards = new GuardSettings();
        await using TelemetrySink sink = await TelemetrySink.StartAsync();
        string[] limits = ["RateLimits__CallerCallsPerSecond=1000000", "RateLimits__TotalCallsPerSecond=1000000"];
        string[] telemetry = [$"OTEL_EXPORTER_OTLP_ENDPOINT={sink.Address}"];
        var variants = new Dictionary<string, string[]>
        {
            ["TLS"] = guards.Tls,
            ["tokens (ES256) and permissions"] = guards.Tokens,
            ["rate limits"] = limits,
            ["telemetry"] = telemetry,
            ["all"] = [.. guards.Tls, .. guards.Tokens, .. limits, .. telemetry],
        };
        var figures = variants.Keys.ToDictionary(name => name, _ => new List<(double Off, double On)>());
        for (int round = 1; round <= rounds; round++)
        {
            foreach ((string name, string[] settings) in variants)
            {
                await Console.Error.WriteLineAsync($"Round {round} of {rounds}, {name}");
                double off = await MeasureAsync([], null, time);
                double on = await MeasureAsync(settings, guards.Token, time);
                figures[name].Add((off, on));
            }
        }

        Console.WriteLine("| guard | off: calls/s | on: calls/s | on / off |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((string name, List<(double Off, double On)> pairs) in figures)
        {
            Console.WriteLine(
                $"| {name} | {Figures.Median(pairs, pair => pair.Off):n0} | {Figures.Median(pairs, pair => pair.On):n0} "
                + $"| {Figures.Median(pairs, pair => pair.On / pair.Off):f2} |");
        }

        Console.WriteLine($"The collector received {sink.Received} exports.");
        return 0;
    }

    private static async Task<double> MeasureAsync(string[] settings, string? token, TimeSpan time)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings);
        UserService.UserServiceClient client = server.Connect();
        Metadata? metadata = token is null ? null : new Metadata { { "authorization", $"Bearer {token}" } };
        User user = await client.CreateUserAsync(new CreateUserRequest { Name = "Ada Lovelace", Email = "ada@example.com" }, metadata);
        // The first second compiles.
        await CallAsync(TimeSpan.FromSeconds(1));
        return await CallAsync(time);

        async Task<double> CallAsync(TimeSpan length)
        {
            long start = Stopwatch.GetTimestamp();
            int[] calls = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            {
                int count = 0;
                for (; Stopwatch.GetElapsedTime(start) < length; count++)
                {
                    await client.GetUserAsync(new GetUserRequest { Id = user.Id }, metadata);
                }

                return count;
            })));
            return calls.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
