using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>Programs that .ci/run installs and dotnet test does not: without one its tests are skipped, and in CI they fail.</summary>
internal static class Tools
{
    public static string BufFolder { get; } = Repository.File("eng", "buf", "node_modules", ".bin");

    public static Task RequireBufAsync() => RequireAsync($"test -x '{BufFolder}/buf'", "buf (npm install --prefix eng/buf)");

    public static Task RequireStraceAsync() => RequireAsync("command -v strace", "strace (apt-get install strace)");

    /// <param name="check">A command that succeeds where the tool is.</param>
    /// <param name="tool">Its name, and what installs it.</param>
    public static async Task RequireAsync(string check, string tool)
    {
        if ((await Shell.RunAsync(check, "/")).ExitCode is not 0)
        {
            string reason = $"This machine has no {tool}; .ci/run installs it.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") is "true", reason);
            Assert.Fail(reason);
        }
    }
}
