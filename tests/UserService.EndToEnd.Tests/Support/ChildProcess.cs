using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Users.EndToEnd.Tests.Support;

/// <summary>A built program of ours as a process of its own. Disposing it ends the process, however the test went.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How long a test waits for one thing. Generous: a hang fails that late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    // Set by a developer's shell or by the test runner, these would change what the programs do.
    private static readonly string[] Foreign =
        ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "URLS", "KESTREL__", "CONNECTIONSTRINGS__", "LIMITS__", "SECURITY__", "AUTHENTICATION__", "LOGGING__", "RATELIMITS__", "USERS_"];

    private readonly Process _process;

    /// <param name="dll">The program.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">What is added to the environment, each as NAME=value.</param>
    /// <param name="tracer">A program, with its command line, that runs this one.</param>
    public ChildProcess(string dll, IEnumerable<string> arguments, IEnumerable<string> environment, IEnumerable<string>? tracer = null)
        : this([.. tracer ?? [], DotnetHost, dll, .. arguments], environment)
    {
    }

    private ChildProcess(string[] command, IEnumerable<string> environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            // Anywhere but where its files are.
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsForeign).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (string[] pair in environment.Select(variable => variable.Split('=', 2)))
        {
            start.Environment[pair[0]] = pair[1];
        }

        _process = Process.Start(start)!;
        (Output, Error) = (new Lines(_process.StandardOutput), new Lines(_process.StandardError));
    }

    /// <summary>Another program than ours.</summary>
    public static ChildProcess Of(string program, params string[] arguments) => new([program, .. arguments], []);

    /// <summary>What the process reads; closing it is the end of its input.</summary>
    public StreamWriter Input => _process.StandardInput;

    public Lines Output { get; }

    public Lines Error { get; }

    public int Id => _process.Id;

    /// <summary>The dotnet that runs these tests.</summary>
    public static string DotnetHost { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>A program as ReadyToRun.targets published it, or else as the solution built it in the configuration of these tests.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="assembly">The program's, where it has another one.</param>
    public static string Program(string project, string? assembly = null)
    {
        string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string artifacts = Path.GetFullPath(Path.Combine(here, "..", "..", ".."));
        string dll = (assembly ?? project) + ".dll";
        string ready = Path.Combine(artifacts, "ready", "publish", project, "release", dll);
        return File.Exists(ready) ? ready : Path.Combine(artifacts, "bin", project, Path.GetFileName(here), dll);
    }

    public bool HasExited => _process.HasExited;

    /// <summary>How it ended, once it has.</summary>
    public int ExitCode => _process.ExitCode;

    public void Signal(int signal) => Signal(Id, signal);

    /// <summary>Sends a signal to a process that the test started.</summary>
    public static void Signal(int process, int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        Assert.Equal(0, SendSignal(process, signal));
    }

    /// <summary>kill -9: nothing of the process's own runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Waits for the end of the process and of its output, and answers its exit code.</summary>
    public async Task<int> EndAsync()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await _process.WaitForExitAsync(token).WaitAsync(Patience, token);
        await Task.WhenAll(Output.Ended, Error.Ended).WaitAsync(Patience, token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static bool IsForeign(string name) => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
