using System.Diagnostics;

namespace Users.Client.Tests.Support;

/// <summary>The client as a user runs it, with pipes.</summary>
internal static class ClientProcess
{
    public static Process Start(Uri address)
    {
        // Where the client itself was built: its copy beside this test lacks what the test's own framework brings.
        string configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Name;
        string program = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "UserService.Client", configuration, "UserService.Client.dll"));
        return Process.Start(new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["USERS_ADDRESS"] = address.OriginalString, ["TERM"] = "xterm-256color", ["GITHUB_ACTIONS"] = "true" },
        })!;
    }
}
