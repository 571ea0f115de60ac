using Users.Benchmarks.Load;

namespace Users.Benchmarks.Growth;

/// <summary>One size: the fill up to it, and what is measured there.</summary>
internal sealed class GrowthSize(
    GrowthOptions options,
    LoadTarget target,
    string database,
    int size,
    GrowthResults results,
    Action<string> step,
    CancellationToken cancellationToken)
{
    /// <summary>How often it says what it does.</summary>
    public const int Steps = GrowthFill.Steps + 8;

    private const int PageSize = 100;
    private const int MostIngested = 600_000;
    // Of fewer, the call itself would be what is measured.
    private const int LeastIngested = 10_000;

    private static readonly (string Name, string Figure)[] Memory =
        [("anonymous", "RssAnon"), ("file", "RssFile"), ("resident", "VmRSS"), ("peak", "VmHWM")];

    /// <param name="missing">How many users there are less than there shall be.</param>
    public async Task MeasureAsync(int missing)
    {
        int ingested = Math.Min(missing, MostIngested) / 2 / options.Repeats;
        bool isIngest = ingested >= LeastIngested;
        // An ingest sends a tenth more, to warm up.
        int filled = isIngest ? missing - (options.Repeats * (ingested + (ingested / 10))) : missing;
        await Task.Run(() => GrowthFill.Run(target, filled, options.IsRandom, step, cancellationToken), cancellationToken);
        if (isIngest)
        {
            await AddAsync("ingest", "users/s", () => RunAsync(() => IngestLoad.Measure(target, ingested, options.IsRandom)));
        }

        await AddMemoryAsync("fill");
        await AddAsync("list_first", "p50, ms", () => RunAsync(() => GrowthLists.First(target)));
        await AddAsync("list", "users/s", () => RunAsync(() => GrowthLists.All(target, size, options.Time, cancellationToken)));
        await AddMemoryAsync("list");
        await AddAsync("page", "calls/s", () => Load(options.Time).ListPageAsync(PageSize));
        await AddAsync("get_c10", "calls/s", () => Load(options.Time).GetAsync(1, 10));
        await AddAsync("get_c100", "calls/s", () => Load(options.Time).GetAsync(10, 10));
        AddSize("database", database);
        AddSize("write-ahead log", database + "-wal");
        await AddAsync("create_c1", "calls/s", () => CreateAsync(1));
        await AddAsync("create_c50", "calls/s", () => CreateAsync(50));
    }

    // The next size begins with as many users as this one.
    private async Task<Sample> CreateAsync(int streams)
    {
        UnaryLoad load = Load(options.Time < TimeSpan.FromSeconds(1) ? options.Time : TimeSpan.FromSeconds(1));
        Sample sample = await load.CreateAsync(1, streams);
        await Task.Run(() => GrowthDeletes.Run(target, load.CreatedIds), cancellationToken);
        return sample;
    }

    private UnaryLoad Load(TimeSpan time) => new(target, time, cancellationToken);

    private Task<Sample> RunAsync(Func<Sample> measure) => Task.Run(measure, cancellationToken);

    private async Task AddAsync(string figure, string unit, Func<Task<Sample>> measureAsync)
    {
        step(figure);
        var samples = new List<Sample>();
        while (samples.Count < options.Repeats)
        {
            samples.Add(await measureAsync());
        }

        Add(figure, unit, new Sample(Median(sample => sample.Value)!.Value, Median(sample => sample.Cpu), Median(sample => sample.Median)));

        double? Median(Func<Sample, double?> value) =>
            value(samples[0]) is null ? null : Figures.Median(samples, sample => value(sample)!.Value);
    }

    private async Task AddMemoryAsync(string after)
    {
        foreach ((string name, string figure) in Memory)
        {
            Add($"{name} memory after the {after}", "MiB", new Sample(await target.Process.MemoryAsync(figure)));
        }
    }

    private void AddSize(string figure, string file) => Add(figure, "MiB", new Sample(new FileInfo(file).Length / 1024.0 / 1024.0));

    private void Add(string figure, string unit, Sample sample) => results.Add(size, figure, unit, sample);
}
