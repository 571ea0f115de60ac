using System.CommandLine;

namespace Users.Benchmarks.Load;

/// <summary>
/// The server with other settings, or another build of it, beside the server as it comes. Each round has two fresh servers that run at once and
/// are loaded in turn; which of them begins changes from round to round.
/// </summary>
internal sealed class CompareCommand : Command
{
    private const string Plain = "as it comes";
    private const string Other = "other";

    private readonly Argument<string[]> _settings = new("settings")
    {
        Description = "Of the other server, each as the environment has it: Database__FastPath=false, DOTNET_TieredPGO=0.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int> _rounds = new("--rounds") { Description = "How many pairs of servers are compared.", DefaultValueFactory = _ => 9 };
    private readonly Option<double> _seconds = SecondsOption.Create("How long each timed load is measured, after as long to warm up.", 1);
    private readonly Option<double> _warmUp =
        SecondsOption.Create("For how many seconds each server has each load before, until its code is optimised.", 4, "--warm-up", least: 0);

    private readonly Option<int> _users = new("--users") { Description = "How many users there are, and how many an ingest sends.", DefaultValueFactory = _ => 10_000 };
    private readonly Option<string[]> _only = new("--only") { Description = "Only these figures of load.", AllowMultipleArgumentsPerToken = true, Required = true };

    private readonly Option<string> _server = ServerOption.Create();

    private readonly Option<string?> _other = new("--other") { Description = "The other server's program, where it is not the same." };

    public CompareCommand()
        : base("compare", "The server with other settings, or another build of it, beside the server as it comes, in turn.")
    {
        Arguments.Add(_settings);
        Options.Add(_rounds);
        Options.Add(_seconds);
        Options.Add(_warmUp);
        Options.Add(_users);
        Options.Add(_only);
        Options.Add(_server);
        Options.Add(_other);
        _only.AcceptOnlyFromAmong([.. LoadFigure.Names.Except([LoadFigure.PeakMemory])]);
        SetAction((parsed, token) => RunAsync(
            new LoadOptions(
                Path.GetFullPath(parsed.GetRequiredValue(_server)),
                parsed.GetValue(_rounds),
                TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
                parsed.GetValue(_users),
                null,
                parsed.GetRequiredValue(_only)),
            Path.GetFullPath(parsed.GetValue(_other) ?? parsed.GetRequiredValue(_server)),
            parsed.GetRequiredValue(_settings),
            TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
            token));
    }

    private static async Task RunAsync(LoadOptions options, string otherProgram, string[] settings, TimeSpan warmUp, CancellationToken cancellationToken)
    {
        Cores.PinLoad();
        var results = new LoadResults(options);
        for (int round = 1; round <= options.Rounds; round++)
        {
            await Console.Error.WriteLineAsync($"Round {round} of {options.Rounds}");
            (string Name, string Program, string[] Settings)[] sides = [(Plain, options.Program, []), (Other, otherProgram, settings)];
            (string Name, string Program, string[] Settings)[] order = round % 2 == 0 ? [.. sides.Reverse()] : sides;
            await using ServerUnderTest first = await StartAsync(order[0].Name, order[0].Program, order[0].Settings);
            await BeQuietAsync(first.Process, cancellationToken);
            await using ServerUnderTest second = await StartAsync(order[1].Name, order[1].Program, order[1].Settings);
            await BeQuietAsync(second.Process, cancellationToken);
            (string Name, LoadTarget Target)[] turns = [(order[0].Name, await FillAsync(order[0].Name, first)), (order[1].Name, await FillAsync(order[1].Name, second))];
            foreach (LoadFigure figure in LoadFigure.All.Where(figure => options.Takes(figure.Name)))
            {
                foreach ((_, LoadTarget target) in warmUp > TimeSpan.Zero ? turns : [])
                {
                    await figure.MeasureAsync(target, options with { Time = warmUp / 2 }, cancellationToken);
                }

                foreach ((string name, LoadTarget target) in turns)
                {
                    results.Add(figure.Name, figure.Unit, name, await figure.MeasureAsync(target, options, cancellationToken));
                }
            }
        }

        var report = new Report("compare", "figure", "unit", Plain, "CPU, µs", Other, "CPU, µs", $"other / {Plain}", "95 % of the median", "CPU");
        foreach ((string figure, string unit) in results.Units)
        {
            report.Add(
                figure,
                unit,
                $"{results.Median(figure, Plain, sample => sample.Value):n1}",
                $"{results.Median(figure, Plain, sample => sample.Cpu):f1}",
                $"{results.Median(figure, Other, sample => sample.Value):n1}",
                $"{results.Median(figure, Other, sample => sample.Cpu):f1}",
                $"{results.Ratio(figure, Other, Plain, sample => sample.Value):f2}",
                results.Interval(figure, Other, Plain) is { } interval ? $"{interval.Low:f2} to {interval.High:f2}" : "",
                $"{results.Ratio(figure, Other, Plain, sample => sample.Cpu):f2}");
        }

        await report.EndAsync($"The other server: {string.Join(' ', settings)}", Cores.Description);

        async Task<ServerUnderTest> StartAsync(string name, string program, string[] with)
        {
            ServerUnderTest server = await ServerUnderTest.StartAsync(program, Cores.PinMeasured, with);
            await results.AddStartAsync(name, new LoadTarget(server.Address, server.Process), cancellationToken);
            return server;
        }

        async Task<LoadTarget> FillAsync(string name, ServerUnderTest server)
        {
            var target = new LoadTarget(server.Address, server.Process);
            await Task.Run(() => IngestLoad.Fill(target.Address, options.Users), cancellationToken);
            // Keeps the ids of all.
            results.Add(LoadFigure.FirstUser, "ms", name, await Task.Run(() => ListLoad.First(target), cancellationToken));
            return target;
        }
    }

    // What a start leaves to be optimised goes on for seconds behind it, and would slow what the other server does meanwhile.
    private static async Task BeQuietAsync(MeasuredProcess process, CancellationToken cancellationToken)
    {
        TimeSpan before;
        do
        {
            before = process.CpuTime;
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancellationToken);
        }
        while (process.CpuTime - before > TimeSpan.FromMilliseconds(50));
    }
}
