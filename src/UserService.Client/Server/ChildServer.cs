using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Users.Client.Server;

/// <summary>A server running as a child process, for as long as this object lives.</summary>
internal sealed partial class ChildServer : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int LinesKept = 20;
    private static readonly TimeSpan DefaultStopLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly TimeSpan _stopLimit;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildServer(ProcessStartInfo program, TimeSpan stopLimit)
    {
        _stopLimit = stopLimit;
        program.UseShellExecute = false;
        // With all three redirected the child leaves the terminal's settings alone.
        program.RedirectStandardInput = program.RedirectStandardOutput = program.RedirectStandardError = true;
        _process = new Process { StartInfo = program };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        // Read to the end, all its life: a child whose pipe is full stops.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    /// <summary>Where the server listens for gRPC, as it said itself.</summary>
    public Uri Address => _listening.Task.Result;

    /// <param name="program">The server; its settings let it choose its own port.</param>
    /// <param name="limit">How long it may take until it listens.</param>
    /// <param name="cancellationToken">Ends the waiting, and the server.</param>
    /// <param name="stopLimit">How long it may take to stop before it is killed: 5 seconds unless given.</param>
    /// <exception cref="CommandException">It ended, or said nothing within the limit; with its last lines.</exception>
    public static async Task<ChildServer> StartAsync(
        ProcessStartInfo program, TimeSpan limit, CancellationToken cancellationToken, TimeSpan? stopLimit = null)
    {
        var server = new ChildServer(program, stopLimit ?? DefaultStopLimit);
        try
        {
            await server.WaitUntilItListensAsync(limit, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        using (var limit = new CancellationTokenSource(_stopLimit))
        {
            try
            {
                AskToStop();
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private async Task WaitUntilItListensAsync(TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeLimit);
        try
        {
            Task ended = _process.WaitForExitAsync(limit.Token);
            if (await Task.WhenAny(_listening.Task, ended) == ended)
            {
                await ended;
                throw Failure($"The server ended with exit code {_process.ExitCode} before it listened; its last lines follow.");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"The server did not listen within {timeLimit.TotalSeconds:0} seconds; its last lines follow.");
        }
    }

    private CommandException Failure(string sentence)
    {
        lock (_lastLines)
        {
            return new CommandException(sentence, ExitCodes.NoServer, [.. _lastLines]);
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
            {
                _lastLines.Dequeue();
            }
        }

        if (ListeningLine().Match(line) is { Success: true } match && Uri.TryCreate(match.Groups[1].Value, UriKind.Absolute, out Uri? address))
        {
            _listening.TrySetResult(address);
        }
    }

    private void AskToStop()
    {
        if (_process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            // Windows has no signal that asks a process without a window to stop.
            _process.Kill(entireProcessTree: true);
            return;
        }

        _ = SendSignal(_process.Id, Sigterm);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);

    [GeneratedRegex(@"Grpc listening on (http\S+)")]
    private static partial Regex ListeningLine();
}
