using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Users.Server.Tests.Support;

/// <summary>How many calls and connections one server has open, by the metrics that ASP.NET Core and Kestrel keep.</summary>
internal sealed class ServerCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long Calls, long Connections) _now;

    public ServerCounts(IServiceProvider services)
    {
        object scope = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other tests' servers live in this process, too: the factory is the mark of this one.
            if (ReferenceEquals(instrument.Meter.Scope, scope) && instrument.Name is "http.server.active_requests" or "kestrel.active_connections")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, change, _, _) => Add(instrument.Name, change));
        _listener.Start();
    }

    public Task WaitForAsync(long calls) => WaitForAsync(now => now.Calls == calls);

    public Task WaitForConnectionsAsync(long connections) => WaitForAsync(now => now.Connections == connections);

    public Task WaitForNothingAsync() => WaitForAsync(now => now == default);

    public void Dispose() => _listener.Dispose();

    private async Task WaitForAsync(Predicate<(long Calls, long Connections)> isIt)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (isIt(_now))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    private void Add(string name, long change)
    {
        lock (_lock)
        {
            _now = name == "kestrel.active_connections"
                ? _now with { Connections = _now.Connections + change }
                : _now with { Calls = _now.Calls + change };
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
