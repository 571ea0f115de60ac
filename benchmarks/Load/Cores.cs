using System.Diagnostics;

namespace Users.Benchmarks.Load;

/// <summary>Keeps what is measured on the first core, and what loads it on the others.</summary>
internal static class Cores
{
    private static readonly nint All = OperatingSystem.IsLinux() ? Process.GetCurrentProcess().ProcessorAffinity : 0;

    private static readonly nint First = All & -All;

    public static string Description => IsSplit
        ? "The server and the floors have a core of their own."
        : "The server and the load share their cores: only the ratios of CPU mean anything.";

    private static bool IsSplit => OperatingSystem.IsLinux() && All != First;

    /// <summary>To be called on the main thread, first of all: the system gives a thread the cores of the one that starts it.</summary>
    public static void PinLoad()
    {
        if (OperatingSystem.IsLinux() && IsSplit)
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = All & ~First;
        }
    }

    /// <summary>To be called at once after its start, before the runtime counts its cores and starts threads.</summary>
    public static void PinMeasured(Process process)
    {
        if (OperatingSystem.IsLinux() && IsSplit)
        {
            process.ProcessorAffinity = First;
        }
    }
}
