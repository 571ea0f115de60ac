namespace Users.Benchmarks.Load;

/// <summary>The results as a table in Markdown.</summary>
internal static class LoadTable
{
    public static Report Write(LoadResults results)
    {
        bool both = results.Has(LoadResults.PostgreSql);
        string[] columns =
        [
            "figure", "unit", "server", "CPU, µs", "Kestrel floor", "CPU, µs", "SQLite floor", "CPU, µs", "server / Kestrel", "CPU / Kestrel", "server / SQLite", "CPU / SQLite",
        ];
        var report = new Report("load", [.. columns, .. both ? (string[])["on PostgreSQL", "CPU, µs", "PostgreSQL / server", "CPU / server"] : []]);
        foreach ((string figure, string unit) in results.Units)
        {
            string[] cells =
            [
                figure,
                unit,
                .. Medians(LoadResults.Server),
                .. Medians(LoadResults.Kestrel),
                .. Medians(LoadResults.Sqlite),
                .. Ratios(LoadResults.Server, LoadResults.Kestrel),
                .. Ratios(LoadResults.Server, LoadResults.Sqlite),
                .. both ? Medians(LoadResults.PostgreSql) : [],
                .. both ? Ratios(LoadResults.PostgreSql, LoadResults.Server) : [],
            ];
            report.Add(cells);

            string[] Medians(string target) =>
            [
                Number(results.Median(figure, target, sample => sample.Value)),
                Number(results.Median(figure, target, sample => sample.Cpu)),
            ];

            string[] Ratios(string target, string floor) =>
            [
                Quotient(results.Ratio(figure, target, floor, sample => sample.Value)),
                Quotient(results.Ratio(figure, target, floor, sample => sample.Cpu)),
            ];
        }

        return report;
    }

    private static string Quotient(double? ratio) => ratio < 0.1 ? $"{ratio:f4}" : $"{ratio:f2}";

    private static string Number(double? number) => number < 100 ? $"{number:f1}" : $"{number:n0}";
}
