using System.Diagnostics;

namespace Users.Benchmarks.Load;

/// <summary>What was measured, round by round: of the figures that the options take, and no others.</summary>
internal sealed class LoadResults(LoadOptions options)
{
    public const string Server = "server";
    public const string PostgreSql = "server on PostgreSQL";
    public const string Kestrel = "Kestrel floor";
    public const string Sqlite = "SQLite floor";

    private readonly Dictionary<(string Figure, string Target), List<Sample>> _samples = [];

    /// <summary>The figures in the order in which they came, each with its unit.</summary>
    public OrderedDictionary<string, string> Units { get; } = [];

    public void Add(string figure, string unit, string target, Sample sample)
    {
        if (options.Takes(figure))
        {
            Keep(figure, unit, target, sample);
        }
    }

    /// <summary>Waits until a server that has just started serves, and takes how long that was and what it holds.</summary>
    public async Task AddStartAsync(string target, LoadTarget load, CancellationToken cancellationToken)
    {
        await Task.Run(() => HealthProbe.WaitUntilServing(load.Address), cancellationToken);
        Add(LoadFigure.Start, "ms", target, new Sample(Stopwatch.GetElapsedTime(load.Process.Started).TotalMilliseconds));
        Add(LoadFigure.IdleMemory, "MiB", target, new Sample(await load.Process.MemoryAsync("VmRSS")));
    }

    /// <summary>The median over the rounds; null when there is none.</summary>
    public double? Median(string figure, string target, Func<Sample, double?> value)
    {
        double[] values = [.. Of(figure, target).Select(value).OfType<double>()];
        return values.Length == 0 ? null : Figures.Median(values, one => one);
    }

    /// <summary>The median of the ratios within rounds; null when there is none.</summary>
    public double? Ratio(string figure, string target, string floor, Func<Sample, double?> value)
    {
        double[] ratios = Ratios(figure, target, floor, value);
        return ratios.Length == 0 ? null : Figures.Median(ratios, ratio => ratio);
    }

    /// <summary>Between what the median of all such ratios lies, with 95 %; null where the rounds are too few to say.</summary>
    public (double Low, double High)? Interval(string figure, string target, string floor) =>
        Figures.MedianInterval(Ratios(figure, target, floor, sample => sample.Value));

    public bool Has(string target) => _samples.Keys.Any(key => key.Target == target);

    private void Keep(string figure, string unit, string target, Sample sample)
    {
        Units[figure] = unit;
        if (!_samples.TryGetValue((figure, target), out List<Sample>? samples))
        {
            _samples[(figure, target)] = samples = [];
        }

        samples.Add(sample);
        if (sample.Median is { } median)
        {
            Keep($"{figure}_p50", "µs", target, new Sample(median));
        }
    }

    private double[] Ratios(string figure, string target, string floor, Func<Sample, double?> value) =>
        [.. Of(figure, target).Zip(Of(figure, floor), (above, below) => value(above) / value(below)).OfType<double>()];

    private List<Sample> Of(string figure, string target) => _samples.GetValueOrDefault((figure, target)) ?? [];
}
