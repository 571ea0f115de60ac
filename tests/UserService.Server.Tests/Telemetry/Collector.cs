using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Telemetry.Otlp;

namespace Users.Server.Tests.Telemetry;

/// <summary>A collector of OTLP over gRPC that keeps what it receives.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Lock _lock = new();
    private Dictionary<string, Metric> _lastMetrics = [];
    private TaskCompletionSource _exported = NewSignal();

    private Collector()
    {
        // From another folder: beside this test lie the settings of the server.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<Traces>();
        _app.MapGrpcService<Metrics>();
    }

    public string Address => _app.Urls.Single();

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>The last export of metrics, by their names: the state of one moment.</summary>
    public IReadOnlyDictionary<string, Metric> LastMetrics
    {
        get
        {
            lock (_lock)
            {
                return _lastMetrics;
            }
        }
    }

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Waits for an export of metrics that is as a test wants it, and answers it.</summary>
    public async Task<IReadOnlyDictionary<string, Metric>> WaitForMetricsAsync(Predicate<IReadOnlyDictionary<string, Metric>> isIt)
    {
        while (true)
        {
            IReadOnlyDictionary<string, Metric> metrics;
            Task exported;
            lock (_lock)
            {
                (metrics, exported) = (_lastMetrics, _exported.Task);
            }

            if (isIt(metrics))
            {
                return metrics;
            }

            await exported.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Keep(IEnumerable<Metric> metrics)
    {
        lock (_lock)
        {
            _lastMetrics = metrics.ToDictionary(metric => metric.Name);
            _exported.SetResult();
            _exported = NewSignal();
        }
    }

    private sealed class Traces(Collector collector) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (Span span in request.ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans))
            {
                collector._spans.Enqueue(span);
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class Metrics(Collector collector) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            collector.Keep(request.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics));
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }
}

internal static class Attributes
{
    /// <summary>The attributes, each as text.</summary>
    public static Dictionary<string, string> ToTexts(this IEnumerable<KeyValue> attributes) => attributes.ToDictionary(
        attribute => attribute.Key,
        attribute => attribute.Value.ValueCase switch
        {
            AnyValue.ValueOneofCase.IntValue => $"{attribute.Value.IntValue}",
            AnyValue.ValueOneofCase.StringValue => attribute.Value.StringValue,
            _ => $"{attribute.Value}",
        });
}
