namespace Users.Benchmarks.Load;

/// <summary>What can be measured on a server that runs.</summary>
/// <param name="Name">As <c>--only</c> takes it.</param>
/// <param name="Unit">Of its value.</param>
/// <param name="SqliteWork">What SQLite by hand does to be compared with it, if there is such a thing.</param>
/// <param name="MeasureAsync">Measures it.</param>
internal sealed record LoadFigure(
    string Name, string Unit, string? SqliteWork, Func<LoadTarget, LoadOptions, CancellationToken, Task<Sample>> MeasureAsync)
{
    public const string Start = "start";
    public const string FirstUser = "list_first";
    public const string IdleMemory = "rss_idle";
    public const string PeakMemory = "rss_peak";

    // Those that only read come first, so that each round lists what it began with.
    public static readonly LoadFigure[] All =
    [
        new("get_c1", "calls/s", "get", (target, options, token) => new UnaryLoad(target, options.Time, token).GetAsync(1, 1)),
        new("get_c10", "calls/s", "get", (target, options, token) => new UnaryLoad(target, options.Time, token).GetAsync(1, 10)),
        new("get_c100", "calls/s", "get", (target, options, token) => new UnaryLoad(target, options.Time, token).GetAsync(10, 10)),
        new("list", "users/s", "list", (target, options, token) => ListLoad.MeasureAsync(target, options.Time, token)),
        new("pipe", "messages/s", null, (target, options, token) => ChatLoad.PipeAsync(target, options.Time, saysOnce: false, token)),
        new("pipe_once", "messages/s", null, (target, options, token) => ChatLoad.PipeAsync(target, options.Time, saysOnce: true, token)),
        new("fanout", "messages/s", null, (target, options, token) => ChatLoad.FanoutAsync(target, options.Time, token)),
        new("create_c1", "calls/s", "commit-1", (target, options, token) => new UnaryLoad(target, options.Time, token).CreateAsync(1, 1)),
        new("create_c10", "calls/s", "commit-10", (target, options, token) => new UnaryLoad(target, options.Time, token).CreateAsync(1, 10)),
        new("create_c50", "calls/s", "commit-50", (target, options, token) => new UnaryLoad(target, options.Time, token).CreateAsync(1, 50)),
        new("ingest", "users/s", "commit-1000", (target, options, _) =>
            Task.Run(() => IngestLoad.Measure(target, options.Users, isRandom: false))),
        new("ingest_random", "users/s", "commit-1000-random", (target, options, _) =>
            Task.Run(() => IngestLoad.Measure(target, options.Users, isRandom: true))),
    ];

    /// <summary>All names, those too that come with a server's start and end.</summary>
    public static IEnumerable<string> Names => [Start, IdleMemory, FirstUser, .. All.Select(figure => figure.Name), PeakMemory];
}
