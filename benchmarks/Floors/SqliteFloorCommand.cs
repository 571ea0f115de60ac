using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Users.Benchmarks.Floors;

/// <summary>The floor of the store: prints rows per second and CPU microseconds per row.</summary>
internal sealed class SqliteFloorCommand : Command
{
    private readonly Argument<string> _work = new("work") { Description = string.Join(", ", SqliteFloor.Works) };
    private readonly Option<string> _database = new("--database") { Description = "A file that a server made.", Required = true };
    private readonly Option<double> _seconds = SecondsOption.Create("How long the work is repeated.", 2);

    public SqliteFloorCommand()
        : base("floor-sqlite", "Microsoft.Data.Sqlite by hand, on the server's schema.")
    {
        Hidden = true;
        Arguments.Add(_work);
        Options.Add(_database);
        Options.Add(_seconds);
        SetAction(parsed => Run(
            parsed.GetRequiredValue(_work), parsed.GetRequiredValue(_database), TimeSpan.FromSeconds(parsed.GetValue(_seconds))));
    }

    private static void Run(string work, string database, TimeSpan time)
    {
        using var floor = new SqliteFloor(database);
        Func<int> step = floor.StepOf(work);
        Repeat(step, time / 2);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        long rows = Repeat(step, time);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double microseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows / seconds} {microseconds / rows}"));
    }

    private static long Repeat(Func<int> step, TimeSpan time)
    {
        long rows = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            rows += step();
        }

        return rows;
    }
}
