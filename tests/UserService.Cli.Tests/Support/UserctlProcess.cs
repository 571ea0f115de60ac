using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Users.Cli.Tests.Support;

/// <summary>The tool as a user runs it, with pipes.</summary>
internal static class UserctlProcess
{
    public static Process Start(Uri address, params string[] args)
    {
        // Where the tool itself was built: its copy beside this test lacks what the test's own framework brings.
        string configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Name;
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "UserService.Cli", configuration, "userctl.dll"));
        var start = new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["USERS_ADDRESS"] = address.OriginalString, ["TERM"] = "xterm-256color", ["GITHUB_ACTIONS"] = "true" },
        };
        return Process.Start(start)!;
    }

    /// <summary>Gives the tool this input, closes it unless told not to, and waits for the tool's end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        Uri address, string[] args, string input = "", bool closesInput = true)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using Process tool = Start(address, args);
        try
        {
            await tool.StandardInput.WriteAsync(input.AsMemory(), token);
            await tool.StandardInput.FlushAsync(token);
            if (closesInput)
            {
                tool.StandardInput.Close();
            }

            Task<string> error = tool.StandardError.ReadToEndAsync(token);
            string output = await tool.StandardOutput.ReadToEndAsync(token);
            await tool.WaitForExitAsync(token);
            return (tool.ExitCode, output, await error);
        }
        finally
        {
            tool.Kill();
        }
    }

    public static void Signal(Process process, int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
