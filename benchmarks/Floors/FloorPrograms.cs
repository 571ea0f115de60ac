using System.Diagnostics;
using System.Globalization;
using Users.Benchmarks.Load;

namespace Users.Benchmarks.Floors;

/// <summary>The floors as processes: this program, by its hidden commands.</summary>
internal static class FloorPrograms
{
    public const string Listening = "The floor listens on";

    public static MeasuredProcess StartKestrel(int users) => Start("floor", "--port", "0", "--users", $"{users}");

    /// <summary>Works by hand on a copy of the server's database.</summary>
    public static async Task<Sample> MeasureSqliteAsync(string work, string database, TimeSpan time, CancellationToken cancellationToken)
    {
        await using MeasuredProcess process = Start(
            "floor-sqlite", work, "--database", database, "--seconds", time.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        double[] figures =
        [
            .. (await process.ReadToEndAsync(cancellationToken)).Split().Where(word => word.Length > 0)
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
        ];
        return figures is [double rate, double cpu] ? new Sample(rate, cpu) : throw new InvalidOperationException($"The floor failed at {work}.");
    }

    private static MeasuredProcess Start(params string[] arguments) =>
        new(new ProcessStartInfo("dotnet", [typeof(FloorPrograms).Assembly.Location, .. arguments]), Cores.PinMeasured);
}
