using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Users.Data;
using Users.Server.Hosting;

namespace Users.Server.Telemetry;

/// <summary>
/// Traces and metrics by OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says to send them: in the environment, as is the standard, or
/// in the settings. OpenTelemetry's other variables (OTEL_*) count too. Without it nobody listens, and nothing is measured.
/// </summary>
internal static class TelemetrySetup
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CallMetrics>();
        if (builder.Configuration[EndpointKey] is not { Length: > 0 } endpoint)
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? collector) || collector.Scheme is not ("http" or "https"))
        {
            throw StartFailure.BadSetting($"{EndpointKey} cannot be '{endpoint}': write it like http://127.0.0.1:4317.");
        }

        // Disposed with the host, it sends what it still has.
        builder.Services.AddSingleton(_ => Start(collector, builder.Configuration));
        builder.Services.AddHostedService<Export>();
    }

    private static OpenTelemetrySdk Start(Uri collector, IConfiguration configuration) => OpenTelemetrySdk.Create(telemetry =>
    {
        // The SDK's own would know the environment's variables alone, not the settings.
        telemetry.Services.AddSingleton(configuration);
        telemetry
            .ConfigureResource(resource => resource.AddService("users").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", StoreTelemetry.Name)
                .AddOtlpExporter(otlp => otlp.Endpoint = collector))
            .WithMetrics(metrics => metrics
                // The last two are the framework's: refusals by the rate limiter, connections.
                .AddMeter(CallMetrics.MeterName, StoreTelemetry.Name, "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter(otlp => otlp.Endpoint = collector));
    });

    // Asks for the SDK, and so begins, before Kestrel listens.
    private sealed class Export(OpenTelemetrySdk telemetry) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(telemetry);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
