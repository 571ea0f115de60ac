namespace Users.Server.Calls;

/// <summary>
/// When the server begins to shut down, and which streams have yet to end. The host calls StoppingAsync before Kestrel closes
/// anything, so a stream's last status still finds its connection.
/// </summary>
internal sealed class DrainSignal(IHostApplicationLifetime lifetime, TimeProvider time) : IHostedLifecycleService
{
    // How long streams may take to end; one whose reader is stalled cannot, and is cut when Kestrel stops.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // A client that is told the end of its stream and of its connection at once may see the second first.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _streams;

    /// <summary>Raised when the server takes no more calls and its streams have to end.</summary>
    public CancellationToken Begun => lifetime.ApplicationStopping;

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
        if (Volatile.Read(ref _streams) > 0 || _ended.Task.IsCompleted)
        {
            await Task.WhenAny(_ended.Task, Task.Delay(Grace, time, cancellationToken));
            await Task.Delay(Settle, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
