using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Users.Benchmarks;

/// <summary>A process whose time and memory are read from outside. Disposing it kills it.</summary>
internal sealed partial class MeasuredProcess : IAsyncDisposable
{
    private readonly Process _process;

    public MeasuredProcess(ProcessStartInfo start, Action<Process>? started = null)
    {
        start.RedirectStandardOutput = true;
        Started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        started?.Invoke(_process);
    }

    /// <summary>As <see cref="Stopwatch.GetTimestamp"/> had it.</summary>
    public long Started { get; }

    /// <summary>What it has used so far, in user and system mode.</summary>
    public TimeSpan CpuTime => CpuClock.Read(_process);

    /// <summary>The address in the first line with this text.</summary>
    public async Task<Uri> ReadAddressAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                // A full pipe would stop the process.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new Uri(Address().Match(line).Value);
            }
        }

        throw new InvalidOperationException($"The process ended without saying '{text}'.");
    }

    /// <summary>All that it writes until its end.</summary>
    public Task<string> ReadToEndAsync(CancellationToken cancellationToken) =>
        _process.StandardOutput.ReadToEndAsync(cancellationToken);

    /// <summary>One of the process's figures in MiB: VmRSS is its resident memory now, VmHWM the most that it was.</summary>
    public async Task<double> MemoryAsync(string figure)
    {
        string status = await File.ReadAllTextAsync($"/proc/{_process.Id}/status");
        return int.Parse(Regex.Match(status, $@"^{figure}:\s+(\d+) kB$", RegexOptions.Multiline).Groups[1].ValueSpan, null) / 1024.0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex("https?://[^ ]+")]
    private static partial Regex Address();
}
