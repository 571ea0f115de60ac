using System.Text.Json;
using Users.Cli.Commands;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests.Support;

/// <summary>Runs a command line against a server, as the program does.</summary>
internal static class Userctl
{
    public static Task<Ending> RunAsync(Uri address, params string[] args) => RunAsync(_ => null, address, args);

    public static Task<Ending> RunAsync(string address, params string[] args) => RunAsync(_ => null, address, args);

    public static Task<Ending> RunAsync(Func<string, string?> environment, Uri address, params string[] args) =>
        RunAsync(environment, address.OriginalString, args);

    private static async Task<Ending> RunAsync(Func<string, string?> environment, string address, string[] args)
    {
        var recording = new RecordingScreen();
        int exitCode = await UserctlCommandLine.RunAsync(
            [.. args, "--address", address], recording.Screen, environment, TestContext.Current.CancellationToken);
        return new Ending(exitCode, recording.Output, recording.Error);
    }

    internal sealed record Ending(int ExitCode, string Output, string Error)
    {
        /// <summary>Standard output, which must be one JSON object per line.</summary>
        public IReadOnlyList<JsonElement> Json => Parse(Output);

        public IReadOnlyList<JsonElement> JsonErrors => Parse(Error);

        private static JsonElement[] Parse(string text) =>
            [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
