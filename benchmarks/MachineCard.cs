using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Users.Benchmarks;

/// <summary>What figures depend on: a run on another machine is another run.</summary>
/// <param name="Cores">How many this process may use.</param>
/// <param name="Processor">Its name, where the system tells it.</param>
/// <param name="MemoryGibibytes">Of the machine, or of what contains this process.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET that runs.</param>
/// <param name="SyncsPerSecond">How often the disk of temporary files, where the databases are, stores 4 KiB for sure, one after the other.</param>
internal sealed record MachineCard(int Cores, string Processor, double MemoryGibibytes, string System, string Runtime, double SyncsPerSecond)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    public static MachineCard Read() => new(
        Environment.ProcessorCount,
        ReadProcessor(),
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(2, 30),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        CountSyncs());

    public override string ToString() =>
        $"Machine: {Cores} cores ({Processor}), {MemoryGibibytes:f0} GiB, {System}, {Runtime}; its disk makes {SyncsPerSecond:n0} syncs a second.";

    private static string ReadProcessor() =>
        File.Exists("/proc/cpuinfo") && Regex.Match(File.ReadAllText("/proc/cpuinfo"), @"^model name\s*: (.+)$", RegexOptions.Multiline) is { Success: true } model
            ? model.Groups[1].Value.Trim()
            : $"{RuntimeInformation.ProcessArchitecture}";

    private static double CountSyncs()
    {
        string file = Path.GetTempFileName();
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] page = new byte[4096];
            int count = 0;
            long start = Stopwatch.GetTimestamp();
            for (; Stopwatch.GetElapsedTime(start) < Long; count++)
            {
                stream.Position = 0;
                stream.Write(page);
                stream.Flush(flushToDisk: true);
            }

            return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
