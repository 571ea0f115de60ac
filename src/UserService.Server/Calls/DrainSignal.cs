using Microsoft.Extensions.Options;
using Users.Server.Settings;

namespace Users.Server.Calls;

/// <summary>
/// When the server begins to shut down, and which streams have yet to end. The host calls StoppingAsync before Kestrel closes
/// anything: for the drain's window it goes on accepting connections, and the refusal of each new call says why.
/// </summary>
internal sealed partial class DrainSignal(
    IHostApplicationLifetime lifetime, IOptions<Limits> limits, TimeProvider time, ILogger<DrainSignal> logger)
    : IHostedLifecycleService, IDisposable
{
    // A client that receives the end of its stream and of its connection at once may see the second first.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _answersEnd = new();
    private readonly CancellationTokenSource _cut = new();
    private int _streams;

    /// <summary>Raised when the server takes no more calls and its streams have to end.</summary>
    public CancellationToken Begun => lifetime.ApplicationStopping;

    /// <summary>Raised when answers that are streams have to end, too: their clients could not have the rest by calling again.</summary>
    public CancellationToken AnswersEnd => _answersEnd.Token;

    /// <summary>Raised when streams that have not ended, because their readers are stalled, have to be reset.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>How long the drain lasts at most, before Kestrel stops.</summary>
    public static TimeSpan Longest(Limits limits) =>
        limits.DrainWindow > limits.StreamGrace + Settle ? limits.DrainWindow : limits.StreamGrace + Settle;

    public void Enter() => Interlocked.Increment(ref _streams);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _streams) == 0 && Begun.IsCancellationRequested)
        {
            _ended.TrySetResult();
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped without a signal would raise ApplicationStopping only after this.
        lifetime.StopApplication();
        TimeSpan window = limits.Value.DrainWindow;
        Log.Draining(logger, window.TotalSeconds);
        await Task.WhenAll(Task.Delay(window, time, cancellationToken), EndStreamsAsync(cancellationToken))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _answersEnd.Dispose();
        _cut.Dispose();
    }

    private async Task EndStreamsAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _streams) == 0 && !_ended.Task.IsCompleted)
        {
            // One may still come that was let in a moment ago.
            await _answersEnd.CancelAsync();
            return;
        }

        TimeSpan grace = limits.Value.StreamGrace;
        await Task.WhenAny(_ended.Task, Task.Delay(grace / 2, time, cancellationToken));
        await _answersEnd.CancelAsync();
        await Task.WhenAny(_ended.Task, Task.Delay(grace / 2, time, cancellationToken));
        if (!_ended.Task.IsCompleted)
        {
            Log.Cut(logger, Volatile.Read(ref _streams), grace.TotalSeconds);
            await _cut.CancelAsync();
        }

        await Task.Delay(Settle, time, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Shutting down: new calls are refused for {Seconds} s, streams end, running calls finish")]
        public static partial void Draining(ILogger logger, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "{Count} streams did not end within {Seconds} s: those whose readers are stalled are reset")]
        public static partial void Cut(ILogger logger, int count, double seconds);
    }
}
