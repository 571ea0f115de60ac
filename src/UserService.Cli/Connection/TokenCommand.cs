using System.ComponentModel;
using System.Diagnostics;

namespace Users.Cli.Connection;

/// <summary>Runs the command that gives a token.</summary>
internal static class TokenCommand
{
    /// <param name="command">A line for the shell.</param>
    /// <param name="cancellationToken">Ends the command, and what it started.</param>
    /// <returns>The first line of its output; null if there is none.</returns>
    /// <exception cref="CommandException">It failed. What it wrote is not told: there may be a token in it.</exception>
    public static async Task<string?> RunAsync(string command, CancellationToken cancellationToken)
    {
        ProcessStartInfo shell = OperatingSystem.IsWindows() ? new("cmd.exe", ["/c", command]) : new("/bin/sh", ["-c", command]);
        // With all three redirected the child leaves the terminal's settings alone, and what a chat is about to say in its pipe.
        shell.RedirectStandardInput = shell.RedirectStandardOutput = shell.RedirectStandardError = true;
        using Process process = Start(shell);
        using CancellationTokenRegistration end = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? output.Split('\n')[0]
            : throw new CommandException(
                $"The token command ended with exit code {process.ExitCode}; run it by itself to see why.", ExitCodes.Failed);
    }

    private static Process Start(ProcessStartInfo shell)
    {
        try
        {
            return Process.Start(shell)!;
        }
        catch (Win32Exception)
        {
            throw new CommandException($"The token command cannot run: there is no {shell.FileName}.", ExitCodes.Failed);
        }
    }
}
