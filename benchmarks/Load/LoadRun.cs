using System.Diagnostics;

namespace Users.Benchmarks.Load;

/// <summary>A load while it runs: clients, each on a thread of its own, that count what they do until it ends them.</summary>
internal sealed class LoadRun
{
    private readonly CancellationTokenSource _ended = new();
    private long _done;

    public bool IsEnded => _ended.IsCancellationRequested;

    public long Done => Volatile.Read(ref _done);

    public void Add(int count) => Interlocked.Add(ref _done, count);

    /// <summary>Takes what is done and what the process uses in this time, after as long to warm up.</summary>
    public async Task<Sample> MeasureAsync(
        MeasuredProcess process, TimeSpan time, IEnumerable<Action> clients, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cancelled = cancellationToken.Register(_ended.Cancel);
        Task running = Task.WhenAll([.. clients.Select(StartAsync)]);
        await WaitAsync(time);
        (long done, TimeSpan cpu, long start) = (Done, process.CpuTime, Stopwatch.GetTimestamp());
        await WaitAsync(time);
        double count = Done - done;
        var sample = new Sample(
            count / Stopwatch.GetElapsedTime(start).TotalSeconds, (process.CpuTime - cpu).TotalMicroseconds / count);
        await _ended.CancelAsync();
        await running;
        cancellationToken.ThrowIfCancellationRequested();
        return sample;
    }

    private async Task WaitAsync(TimeSpan time) =>
        await Task.Delay(time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // One that fails ends all.
    private Task StartAsync(Action client) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                client();
            }
            catch
            {
                _ended.Cancel();
                throw;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
