namespace Users.Benchmarks.Load;

/// <summary>What was measured, round by round.</summary>
internal sealed class LoadResults
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
        Units[figure] = unit;
        if (!_samples.TryGetValue((figure, target), out List<Sample>? samples))
        {
            _samples[(figure, target)] = samples = [];
        }

        samples.Add(sample);
        if (sample.Median is { } median)
        {
            Add($"{figure}_p50", "µs", target, new Sample(median));
        }
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
        double[] ratios =
        [
            .. Of(figure, target).Zip(Of(figure, floor), (above, below) => value(above) / value(below)).OfType<double>(),
        ];
        return ratios.Length == 0 ? null : Figures.Median(ratios, ratio => ratio);
    }

    public bool Has(string target) => _samples.Keys.Any(key => key.Target == target);

    private List<Sample> Of(string figure, string target) => _samples.GetValueOrDefault((figure, target)) ?? [];
}
