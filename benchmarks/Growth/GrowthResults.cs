using Users.Benchmarks.Load;

namespace Users.Benchmarks.Growth;

/// <summary>What was measured, size by size.</summary>
internal sealed class GrowthResults(int[] sizes)
{
    public const string CpuUnit = "CPU, µs";

    private readonly OrderedDictionary<(string Figure, string Unit), double?[]> _values = [];

    public int[] Sizes => sizes;

    /// <summary>The place of the size that the others are compared with: 100 000 users, or the largest below.</summary>
    public int Base { get; } = Math.Max(0, Array.FindLastIndex(sizes, size => size <= 100_000));

    /// <summary>In the order in which they came, each with a value for each size that has one.</summary>
    public IEnumerable<(string Figure, string Unit, double?[] Values)> Rows =>
        _values.Select(row => (row.Key.Figure, row.Key.Unit, row.Value));

    public void Add(int size, string figure, string unit, Sample sample)
    {
        Add(size, figure, unit, sample.Value);
        if (sample.Cpu is { } cpu)
        {
            Add(size, figure, CpuUnit, cpu);
        }

        if (sample.Median is { } median)
        {
            Add(size, figure, "p50, µs", median);
        }
    }

    /// <summary>The figure's CPU as a multiple of what it is at <see cref="Base"/>, at each size where it was measured.</summary>
    public (int Size, double Value)[] RelativeCpu(string figure) =>
        _values.TryGetValue((figure, CpuUnit), out double?[]? cpu) && cpu[Base] is { } atBase
            ? [.. sizes.Zip(cpu).Where(point => point.Second.HasValue).Select(point => (point.First, point.Second!.Value / atBase))]
            : [];

    private void Add(int size, string figure, string unit, double value)
    {
        if (!_values.TryGetValue((figure, unit), out double?[]? values))
        {
            _values[(figure, unit)] = values = new double?[sizes.Length];
        }

        values[Array.IndexOf(sizes, size)] = value;
    }
}
