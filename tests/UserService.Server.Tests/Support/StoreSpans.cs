using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Users.Data;

namespace Users.Server.Tests.Support;

/// <summary>
/// What the store does for the calls of one test, by the spans of their trace: others' servers live in this process, too, and
/// none of their calls is sampled.
/// </summary>
internal sealed class StoreSpans : IDisposable
{
    private const string Server = "Microsoft.AspNetCore";

    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<string> _begun = new();
    private readonly ConcurrentQueue<string> _ended = new();
    private readonly ActivityListener _listener;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();

    public StoreSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is StoreTelemetry.Name or Server,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == _trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = span => Add(_begun, span),
            ActivityStopped = span => Add(_ended, span),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>What a call has to send to be in the trace.</summary>
    public Metadata Metadata => new() { { "traceparent", $"00-{_trace}-{ActivitySpanId.CreateRandom()}-01" } };

    /// <summary>The operations that have ended, such as FindAsync.</summary>
    public string[] Ended => [.. _ended];

    /// <summary>Waits until a call has reached the store.</summary>
    public Task WaitForBeginAsync(string operation) => WaitForAsync(_begun, operation);

    /// <summary>Waits until an operation has ended, however.</summary>
    public Task WaitForAsync(string operation) => WaitForAsync(_ended, operation);

    public void Dispose() => _listener.Dispose();

    private async Task WaitForAsync(ConcurrentQueue<string> operations, string operation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            if (operations.Contains(operation))
            {
                return;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    private void Add(ConcurrentQueue<string> operations, Activity span)
    {
        // A listener hears of the spans that any other one has sampled, too.
        if (span.Source.Name != StoreTelemetry.Name || span.TraceId != _trace)
        {
            return;
        }

        operations.Enqueue(span.OperationName);
        lock (_lock)
        {
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
