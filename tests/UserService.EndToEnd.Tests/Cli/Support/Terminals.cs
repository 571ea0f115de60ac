using System.Diagnostics;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Cli.Support;

/// <summary>Real terminals, kept by a tmux server of this test's own. A test without tmux is skipped; in CI it fails.</summary>
internal sealed class Terminals : IAsyncDisposable
{
    // Says how the command ended, which tmux itself does not always notice, and keeps the terminal. Ctrl+C is for the command.
    private const string Shell = $"trap : INT; \"$@\"; echo \"{Terminal.Ended}$?\"; exec cat >/dev/null";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly string _socket;

    /// <param name="folder">Where the tmux server has its socket.</param>
    public Terminals(TestFolder folder) => _socket = folder.File("tmux");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static void SkipUnlessInstalled()
    {
        const string Reason = "tmux is not installed.";
        bool isInstalled = Path.Exists(FindProgram("tmux"));
        Assert.False(!isInstalled && Environment.GetEnvironmentVariable("CI") == "true", Reason);
        Assert.SkipUnless(isInstalled, Reason);
    }

    /// <summary>Runs a command in a terminal of its own, which stays when the command ends.</summary>
    public async Task<Terminal> RunAsync(int columns, params string[] command)
    {
        string name = $"terminal-{Guid.NewGuid():n}";
        await TmuxAsync(["new-session", "-d", "-s", name, "-x", $"{columns}", "-y", "30", "--", "sh", "-c", Shell, "sh", .. command]);
        return new Terminal(this, name);
    }

    public async ValueTask DisposeAsync() => await TmuxAsync(["kill-server"], CancellationToken.None);

    public Task<string> TmuxAsync(params string[] arguments) => TmuxAsync(arguments, Token);

    /// <summary>Asks again and again, because a foreign process gives no signal, until the answer is as wanted.</summary>
    public static async Task<T> PollAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted, Func<T, string> complain)
    {
        for (long start = Stopwatch.GetTimestamp(); ;)
        {
            T answer = await ask();
            if (isWanted(answer))
            {
                return answer;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < ChildProcess.Patience, complain(answer));
            await Task.Delay(Interval, Token);
        }
    }

    private Task<string> TmuxAsync(string[] arguments, CancellationToken cancellationToken) =>
        OutputOfAsync("tmux", ["-S", _socket, "-f", "/dev/null", "-u", .. arguments], cancellationToken);

    public static async Task<string> OutputOfAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(FindProgram(program)!, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8", ["TERM"] = "xterm-256color" },
        };
        start.Environment.Remove("TMUX");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return output;
    }

    private static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(Path.Exists);
}

/// <summary>One terminal: somebody types here, and sees what is shown.</summary>
internal sealed class Terminal(Terminals tmux, string name)
{
    public const string Ended = "Ended with exit code ";

    public Task TypeAsync(string text) => tmux.TmuxAsync("send-keys", "-t", name, "-l", "--", text);

    /// <summary>Presses keys by tmux's names for them, such as Enter or C-d.</summary>
    public Task PressAsync(params string[] keys) => tmux.TmuxAsync(["send-keys", "-t", name, .. keys]);

    public async Task SayAsync(string line)
    {
        await TypeAsync(line);
        await PressAsync("Enter");
    }

    /// <summary>The rows that are not empty, with those that have scrolled away.</summary>
    public async Task<string[]> RowsAsync() =>
        (await tmux.TmuxAsync("capture-pane", "-p", "-S", "-", "-t", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What tmux knows of the terminal, such as pane_title.</summary>
    public async Task<string> AskAsync(string variable) =>
        (await tmux.TmuxAsync("display-message", "-p", "-t", name, $"#{{{variable}}}")).TrimEnd('\n');

    /// <summary>Waits until the command reads key by key: what is typed before that, the terminal itself would echo.</summary>
    public async Task ReadsKeysAsync()
    {
        string device = await AskAsync("pane_tty");
        await Terminals.PollAsync(
            () => Terminals.OutputOfAsync("stty", ["-F", device, "-a"], TestContext.Current.CancellationToken),
            settings => settings.Contains("-icanon", StringComparison.Ordinal),
            settings => $"The terminal is set to:\n{settings}");
    }

    /// <summary>Waits until the rows are as wanted.</summary>
    public Task<string[]> WaitAsync(Func<string[], bool> isWanted) =>
        Terminals.PollAsync(RowsAsync, isWanted, rows => $"The terminal shows:\n{string.Join('\n', rows)}");

    /// <summary>Waits until some row is exactly this.</summary>
    public Task<string[]> ShowsAsync(string row) => WaitAsync(rows => rows.Contains(row));

    /// <summary>Waits for the end of the command, and answers its exit code.</summary>
    public async Task<int> EndAsync()
    {
        string[] rows = await WaitAsync(rows => rows.Length > 0 && rows[^1].StartsWith(Ended, StringComparison.Ordinal));
        return int.Parse(rows[^1][Ended.Length..], null);
    }
}
