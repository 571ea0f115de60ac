using System.Diagnostics;

namespace Users.Client.Tests.Support;

/// <summary>The client as a user runs it, with pipes.</summary>
internal static class ClientProcess
{
    public static Process Start(Uri address, params string[] args)
    {
        // Where the client itself was built: its copy beside this test lacks what the test's own framework brings.
        string configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Name;
        string program = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "UserService.Client", configuration, "UserService.Client.dll"));
        var start = new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["USERS_ADDRESS"] = address.OriginalString, ["TERM"] = "xterm-256color", ["GITHUB_ACTIONS"] = "true" },
        };
        return Process.Start(start)!;
    }

    /// <summary>Gives the client this input, closes it unless told not to, and waits for the client's end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        Uri address, string[] args, string input = "", bool closesInput = true)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using Process client = Start(address, args);
        try
        {
            await client.StandardInput.WriteAsync(input.AsMemory(), token);
            await client.StandardInput.FlushAsync(token);
            if (closesInput)
            {
                client.StandardInput.Close();
            }

            Task<string> error = client.StandardError.ReadToEndAsync(token);
            string output = await client.StandardOutput.ReadToEndAsync(token);
            await client.WaitForExitAsync(token);
            return (client.ExitCode, output, await error);
        }
        finally
        {
            client.Kill();
        }
    }
}
