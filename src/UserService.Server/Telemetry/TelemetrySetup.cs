using Grpc.AspNetCore.Server;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Users.Data;
using Users.Server.Settings;

namespace Users.Server.Telemetry;

/// <summary>
/// Traces and metrics by OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says to send them: in the environment, as is the standard, or
/// in the settings. OpenTelemetry's other variables (OTEL_*) count too. Without it there is no listener, and nothing is measured.
/// </summary>
internal static class TelemetrySetup
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CallMetrics>();
        builder.Services.AddSingleton<CountingInterceptor>();
        builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<CountingInterceptor>());
        if (builder.Configuration[EndpointKey] is not { Length: > 0 } endpoint)
        {
            builder.Services.AddSingleton(new CallSpans(null));
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? collector) || collector.Scheme is not ("http" or "https"))
        {
            throw BadSetting.Because($"{EndpointKey} cannot be '{endpoint}': write it like http://127.0.0.1:4317.");
        }

        Sampler sampler = TraceSampling.Read(builder.Configuration);
        builder.Services.AddSingleton(new CallSpans(sampler));
        // It begins before Kestrel listens and, disposed with the host, sends what it still has.
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("users").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource(CallSpans.SourceName, StoreTelemetry.Name)
                .SetSampler(new TraceSampling.WithCalls(sampler))
                .AddOtlpExporter(otlp => otlp.Endpoint = collector))
            .WithMetrics(metrics => metrics
                // The last is the framework's: connections.
                .AddMeter(CallMetrics.MeterName, StoreTelemetry.Name, "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter(otlp => otlp.Endpoint = collector));
    }
}
