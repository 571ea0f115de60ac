using System.Diagnostics;

namespace Users.EndToEnd.Tests.Support;

/// <summary>A command line, run as a person's shell would run it, quotes and all.</summary>
internal static class Shell
{
    /// <summary>Runs the line to its end.</summary>
    /// <param name="line">In the language of a POSIX shell.</param>
    /// <param name="folder">Where.</param>
    /// <param name="environment">What is added to the environment, each as NAME=value.</param>
    public static async Task<ShellResult> RunAsync(string line, string folder, params IEnumerable<string> environment)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The line is one of a POSIX shell.");
        CancellationToken token = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string[] pair in environment.Select(variable => variable.Split('=', 2)))
        {
            start.Environment[pair[0]] = pair[1];
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(token);
            Task<string> error = process.StandardError.ReadToEndAsync(token);
            await Task.WhenAll(output, error, process.WaitForExitAsync(token)).WaitAsync(ChildProcess.Patience, token);
            return new ShellResult(process.ExitCode, await output, await error);
        }
        finally
        {
            // Ends nothing unless the wait was given up.
            process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>How a command line ended, and what it wrote.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Error);
