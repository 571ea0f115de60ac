namespace Users.Benchmarks.Growth;

/// <summary>The results as a table in Markdown.</summary>
internal static class GrowthTable
{
    public static IEnumerable<string> Lines(GrowthResults results)
    {
        string[] sizes = [.. results.Sizes.Select(NameOf)];
        yield return Line(["figure", "unit", .. sizes, $"{sizes[^1]} / {sizes[results.Base]}"]);
        yield return $"|{string.Concat(Enumerable.Repeat("---|", sizes.Length + 3))}";
        foreach ((string figure, string unit, double?[] values) in results.Rows)
        {
            yield return Line([figure, unit, .. values.Select(Number), $"{values[^1] / values[results.Base]:f2}"]);
        }
    }

    /// <summary>Such as 10 k or 1 M.</summary>
    public static string NameOf(int size) => size % 1_000_000 == 0 ? $"{size / 1_000_000} M" : $"{size / 1_000.0:0.#} k";

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Number(double? number) => number < 10 ? $"{number:f2}" : number < 100 ? $"{number:f1}" : $"{number:n0}";
}
