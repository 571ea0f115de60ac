using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Users.EndToEnd.Tests.Support;

/// <summary>What a process asks of the system, as strace sees it: written down, or answered with a kill.</summary>
internal sealed partial class Strace : IDisposable
{
    private const string Syncs = "fsync,fdatasync";
    private const string Unfinished = " <unfinished ...>";

    private readonly string _file;
    private readonly Process _process;
    private readonly Lines _says;

    /// <summary>Runs a program to write down its syncs, a line for each that begins with the thread's number.</summary>
    public static IEnumerable<string> WriteSyncs(string file) =>
        ["strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--signal=none", $"--trace={Syncs}", "--output", file];

    /// <summary>
    /// Runs a program until one of its threads begins its nth sync; there all of it ends, as by kill -9. With --seccomp-bpf, which stops
    /// it for syncs alone, strace 6.1 injects no signal.
    /// </summary>
    public static IEnumerable<string> KillAtSync(int number) =>
        ["strace", "--follow-forks", "--quiet=all", "--signal=none", $"--trace={Syncs}", "--output", "/dev/null", $"--inject={Syncs}:signal=KILL:when={number}"];

    private Strace(int process, string file)
    {
        _file = file;
        _process = Process.Start(new ProcessStartInfo(
            "strace",
            [
                "--follow-forks", "--decode-fds=path", "--string-limit=65536", "--output", file, "--attach", $"{process}",
                "--trace=fsync,fdatasync,recvfrom,recvmsg,sendto,sendmsg",
            ])
        {
            RedirectStandardError = true,
        })!;
        _says = new Lines(_process.StandardError);
    }

    /// <summary>Writes down, in their order, what the process syncs to disk, sends and receives, from now until it is ended.</summary>
    public static async Task<Strace> AttachAsync(ChildProcess process, string file)
    {
        var strace = new Strace(process.Id, file);
        await strace._says.FirstAsync(" attached");
        return strace;
    }

    /// <summary>
    /// Ends it, and answers the calls: a send where it begins, anything else where it ends. The text is that of the call, with the
    /// bytes that were sent or received.
    /// </summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        ChildProcess.Signal(_process.Id, ChildProcess.SigTerm);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var unfinished = new Dictionary<string, string>();
        List<string> calls = [];
        foreach (string line in await File.ReadAllLinesAsync(_file, TestContext.Current.CancellationToken))
        {
            (string thread, string call) = (line.Split(' ')[0], line[line.IndexOf(' ', StringComparison.Ordinal)..].TrimStart());
            // Calls of other threads may come between the two halves of one.
            if (call.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                unfinished[thread] = call[..^Unfinished.Length];
                calls.AddRange(call.StartsWith("send", StringComparison.Ordinal) ? [call] : []);
            }
            else if (Resumed().Match(call) is { Success: true } resumed)
            {
                string begun = unfinished[thread];
                calls.AddRange(begun.StartsWith("send", StringComparison.Ordinal) ? [] : [begun + call[resumed.Length..]]);
            }
            else
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();
}
