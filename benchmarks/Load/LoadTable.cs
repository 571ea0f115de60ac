namespace Users.Benchmarks.Load;

/// <summary>The results as a table in Markdown.</summary>
internal static class LoadTable
{
    public static IEnumerable<string> Lines(LoadResults results)
    {
        yield return "| figure | unit | server | CPU, µs | Kestrel floor | CPU, µs | SQLite floor | CPU, µs "
            + "| server / Kestrel | CPU / Kestrel | server / SQLite | CPU / SQLite |";
        yield return "|---|---|---|---|---|---|---|---|---|---|---|---|";
        foreach ((string figure, string unit) in results.Units)
        {
            string[] cells =
            [
                figure,
                unit,
                .. Medians(LoadResults.Server),
                .. Medians(LoadResults.Kestrel),
                .. Medians(LoadResults.Sqlite),
                .. Ratios(LoadResults.Kestrel),
                .. Ratios(LoadResults.Sqlite),
            ];
            yield return $"| {string.Join(" | ", cells)} |";

            string[] Medians(string target) =>
            [
                Number(results.Median(figure, target, sample => sample.Value)),
                Number(results.Median(figure, target, sample => sample.Cpu)),
            ];

            string[] Ratios(string floor) =>
            [
                Quotient(results.Ratio(figure, floor, sample => sample.Value)),
                Quotient(results.Ratio(figure, floor, sample => sample.Cpu)),
            ];
        }
    }

    private static string Quotient(double? ratio) => ratio < 0.1 ? $"{ratio:f4}" : $"{ratio:f2}";

    private static string Number(double? number) => number < 100 ? $"{number:f1}" : $"{number:n0}";
}
