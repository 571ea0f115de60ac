using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Users.Data;

/// <summary>The store's spans and metrics. Without a listener they cost a look at a field.</summary>
public sealed class StoreTelemetry : IDisposable
{
    /// <summary>The name of the store's activity source and of its meter.</summary>
    public const string Name = "Users.Data";

    private static readonly ActivitySource Source = new(Name);

    // A meter of each store's own: several may be open in one process.
    private readonly Meter _meter = new(Name);
    private readonly Histogram<int> _commitItems;
    private readonly Histogram<double> _commitDuration;

    internal StoreTelemetry(Func<int> queueLength)
    {
        _commitItems = _meter.CreateHistogram<int>("users.store.commit.items", "{item}", "How many callers' work a commit held.");
        _commitDuration = _meter.CreateHistogram<double>("users.store.commit.duration", "s", "How long a transaction took, with its sync.");
        _meter.CreateObservableGauge("users.store.queue", queueLength, "{item}", "Writes that wait for the writer.");
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    internal void Committed(int items, TimeSpan elapsed)
    {
        _commitItems.Record(items);
        _commitDuration.Record(elapsed.TotalSeconds);
    }

    /// <summary>The span of one call on the database, for a call that has one; otherwise null.</summary>
    internal static Activity? Begin(string system, string operation)
    {
        // The framework may make an activity for its log's sake, which nobody records.
        Activity? span = Activity.Current is { IsAllDataRequested: true } call && call.Source.HasListeners()
            ? Source.StartActivity(operation, ActivityKind.Client)
            : null;
        span?.SetTag("db.system.name", system);
        span?.SetTag("db.operation.name", operation);
        return span;
    }

    /// <summary>Lets a span last until the work that it is of has ended; the caller goes on outside of it.</summary>
    internal static Task<T> During<T>(Activity? span, Task<T> work)
    {
        if (span is null)
        {
            return work;
        }

        Activity.Current = span.Parent;
        return AwaitAsync();

        async Task<T> AwaitAsync()
        {
            using (span)
            {
                return await work;
            }
        }
    }
}
