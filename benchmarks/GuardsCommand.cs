using System.CommandLine;
using Grpc.Core;
using Users.Benchmarks.Load;
using Users.V1;

namespace Users.Benchmarks;

/// <summary>
/// GetUser with each guard and with all of them, against none. Each variant has a fresh server in each round, and one without guards beside it:
/// the two are loaded in turn, for a moment each, so that what else the machine does meets both.
/// </summary>
internal sealed class GuardsCommand : Command
{
    private const int Connections = 4;
    private const int Streams = 8;
    private const int Users = 100;
    private const int Turns = 10;

    private readonly Option<int> _rounds = new("--rounds") { Description = "How many pairs of servers each has.", DefaultValueFactory = _ => 3 };
    private readonly Option<double> _seconds = SecondsOption.Create($"How long each of a pair's {Turns} turns lasts, after as long to warm up.", 0.5);
    private readonly Option<string> _only = new("--only") { Description = "Only the variant with this name.", DefaultValueFactory = _ => "" };

    private readonly Option<string> _server = ServerOption.Create();

    public GuardsCommand()
        : base("guards", "GetUser of 32 callers with TLS, tokens, limits and telemetry against without, the server on a core of its own.")
    {
        Options.Add(_rounds);
        Options.Add(_seconds);
        Options.Add(_only);
        Options.Add(_server);
        SetAction((parsed, token) => RunAsync(
            Path.GetFullPath(parsed.GetRequiredValue(_server)),
            parsed.GetRequiredValue(_only),
            parsed.GetValue(_rounds),
            TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            token));
    }

    private static async Task<int> RunAsync(string program, string only, int rounds, TimeSpan time, CancellationToken cancellationToken)
    {
        Cores.PinLoad();
        using var guards = new GuardSettings();
        await using TelemetrySink sink = await TelemetrySink.StartAsync();
        var figures = Variants(guards, sink).Where(variant => only.Length == 0 || variant.Name == only)
            .Select(variant => (variant.Name, variant.Settings, Pairs: new List<(Sample Off, Sample On)>())).ToArray();
        for (int round = 1; round <= rounds; round++)
        {
            foreach ((string name, string[] settings, List<(Sample Off, Sample On)> pairs) in figures)
            {
                await Console.Error.WriteLineAsync($"Round {round} of {rounds}, {name}");
                await MeasureAsync(settings, pairs);
            }
        }

        var report = new Report("guards", "guard", "off: calls/s", "CPU, µs", "on: calls/s", "CPU, µs", "on / off", "by CPU, off / on");
        foreach ((string name, _, List<(Sample Off, Sample On)> pairs) in figures)
        {
            report.Add(
                name,
                $"{Figures.Median(pairs, pair => pair.Off.Value):n0}",
                $"{Figures.Median(pairs, pair => pair.Off.Cpu!.Value):f1}",
                $"{Figures.Median(pairs, pair => pair.On.Value):n0}",
                $"{Figures.Median(pairs, pair => pair.On.Cpu!.Value):f1}",
                $"{Figures.Median(pairs, pair => pair.On.Value / pair.Off.Value):f2}",
                $"{Figures.Median(pairs, pair => pair.Off.Cpu!.Value / pair.On.Cpu!.Value):f2}");
        }

        await report.EndAsync($"The collector received {sink.Received} exports.", Cores.Description);
        return 0;

        async Task MeasureAsync(string[] settings, List<(Sample Off, Sample On)> pairs)
        {
            await using ServerUnderTest plain = await ServerUnderTest.StartAsync(program, Cores.PinMeasured);
            await using ServerUnderTest guarded = await ServerUnderTest.StartAsync(program, Cores.PinMeasured, settings);
            LoadTarget off = await FillAsync(plain, [], null), on = await FillAsync(guarded, settings, guards.Token);
            // Until the runtime has optimised what it will.
            await GetAsync(off, time * Turns / 2);
            await GetAsync(on, time * Turns / 2);
            for (int turn = 0; turn < Turns; turn++)
            {
                pairs.Add((await GetAsync(off, time), await GetAsync(on, time)));
            }
        }

        Task<Sample> GetAsync(LoadTarget target, TimeSpan turn) => new UnaryLoad(target, turn, cancellationToken).GetAsync(Connections, Streams);
    }

    private static IEnumerable<(string Name, string[] Settings)> Variants(GuardSettings guards, TelemetrySink sink)
    {
        string[] limits = ["RateLimits__CallerCallsPerSecond=1000000", "RateLimits__TotalCallsPerSecond=1000000"];
        string[] everyTrace = [$"OTEL_EXPORTER_OTLP_ENDPOINT={sink.Address}"];
        string[] metrics = [.. everyTrace, "OTEL_TRACES_SAMPLER=always_off"];
        string[] someTraces = [.. everyTrace, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.01"];
        string[] door = [.. guards.Tls, .. guards.Tokens, .. limits];
        return
        [
            ("TLS", guards.Tls),
            ("tokens (ES256) and permissions", guards.Tokens),
            ("rate limits", limits),
            ("metrics", metrics),
            ("metrics and 1 % of traces", someTraces),
            ("metrics and every trace", everyTrace),
            ("all, 1 % of traces", [.. door, .. someTraces]),
            ("all, every trace", [.. door, .. everyTrace]),
        ];
    }

    private static async Task<LoadTarget> FillAsync(ServerUnderTest server, string[] settings, string? token)
    {
        UserService.UserServiceClient client = server.Connect();
        Metadata? metadata = token is null ? null : new Metadata { { "authorization", $"Bearer {token}" } };
        string[] ids = new string[Users];
        for (int i = 0; i < Users; i++)
        {
            ids[i] = (await client.CreateUserAsync(new CreateUserRequest { Name = "Ada Lovelace", Email = $"ada.{i}@example.com" }, metadata)).Id;
        }

        return new LoadTarget(server.Address, server.Process) { Token = token, Trust = GuardSettings.TrustOf(settings), UserIds = ids };
    }
}
