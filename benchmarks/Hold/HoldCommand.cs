using System.CommandLine;

namespace Users.Benchmarks.Hold;

/// <summary>What callers can make a server hold: its resident size before, at the most, and while they hold it. Each on a new server.</summary>
internal sealed class HoldCommand : Command
{
    private static readonly IReadOnlyList<(string What, Func<HoldSession, Task<string>> Run)> Situations =
    [
        ("4 uploads, each of 2 000 refused users of 60 KB", Uploads.RefusedAsync),
        ("60 uploads, each of 8 000 users", Uploads.ValidAsync),
        ("800 watches of the health, with names of 60 KB", Readers.WatchAsync),
        ("200 lists of the longest users, not read", Readers.ListAsync),
        ("200 readers of a room of the longest messages, not read", Readers.ChatAsync),
    ];

    private readonly Option<string> _server = ServerOption.Create();

    public HoldCommand()
        : base("hold", "What callers can make a server hold in memory: its resident size, in MiB.")
    {
        Options.Add(_server);
        SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(_server)));
    }

    private static async Task<int> RunAsync(string program)
    {
        var report = new Report("hold", "what", "idle, MiB", "held, MiB", "peak, MiB", "");
        foreach ((string what, Func<HoldSession, Task<string>> run) in Situations)
        {
            await using ServerUnderTest server = await ServerUnderTest.StartAsync(program, started: null);
            using var session = new HoldSession(server);
            double idle = await server.Process.MemoryAsync("VmRSS");
            string note = await run(session);
            double held = await server.Process.MemoryAsync("VmRSS");
            double peak = await server.Process.MemoryAsync("VmHWM");
            report.Add(what, $"{idle:n0}", $"{held:n0}", $"{peak:n0}", note);
        }

        await report.EndAsync();

        return 0;
    }
}
