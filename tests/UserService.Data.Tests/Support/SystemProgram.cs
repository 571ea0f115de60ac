using System.Diagnostics;

namespace Users.Data.Tests;

/// <summary>A program of the system, such as mount.</summary>
internal static class SystemProgram
{
    public static void Run(string program, params string[] arguments) => Assert.True(TryRun(program, arguments), program);

    public static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
