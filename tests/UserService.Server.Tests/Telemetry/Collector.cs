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
    private readonly ConcurrentQueue<Metric> _metrics = new();

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

    /// <summary>Each metric by its name, as it was last sent.</summary>
    public IReadOnlyDictionary<string, Metric> LastMetrics => _metrics.GroupBy(metric => metric.Name).ToDictionary(all => all.Key, all => all.Last());

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

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
            foreach (Metric metric in request.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics))
            {
                collector._metrics.Enqueue(metric);
            }

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
