namespace Users.Benchmarks.Growth;

/// <summary>The results as a table in Markdown.</summary>
internal static class GrowthTable
{
    public static Report Write(GrowthResults results)
    {
        string[] sizes = [.. results.Sizes.Select(NameOf)];
        var report = new Report("growth", ["figure", "unit", .. sizes, $"{sizes[^1]} / {sizes[results.Base]}"]);
        foreach ((string figure, string unit, double?[] values) in results.Rows)
        {
            report.Add([figure, unit, .. values.Select(Number), $"{values[^1] / values[results.Base]:f2}"]);
        }

        return report;
    }

    /// <summary>Such as 10 k or 1 M.</summary>
    public static string NameOf(int size) => size % 1_000_000 == 0 ? $"{size / 1_000_000} M" : $"{size / 1_000.0:0.#} k";

    private static string Number(double? number) => number < 10 ? $"{number:f2}" : number < 100 ? $"{number:f1}" : $"{number:n0}";
}
