using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Users.Benchmarks;

/// <summary>The CPU time of another process. Linux has it to the nanosecond; elsewhere it is as exact as <see cref="Process"/>.</summary>
internal static class CpuClock
{
    // linux/posix-timers.h: the complement of the process's id, above three bits that ask for the scheduler's clock of all its threads.
    private const int SchedulerClock = 2;

    public static TimeSpan Read(Process process)
    {
        if (OperatingSystem.IsLinux() && GetTime((~process.Id << 3) | SchedulerClock, out Timespec time) == 0)
        {
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
        }

        process.Refresh();
        return process.TotalProcessorTime;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
