using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Users.Data;
using Users.Server.Calls;
using Users.V1;

namespace Users.Server.Hosting;

/// <summary>
/// The health of the server, for orchestrators and load balancers: over HTTP as alive and ready, over gRPC as grpc.health.v1
/// of the server ("") and of its service. One set of checks answers both.
/// </summary>
internal static partial class Probes
{
    /// <summary>How often the checks run for those who watch; a drain tells them at once.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);

    public static void AddProbes(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddGrpcHealthChecks(grpc => grpc.Services.Map(UserService.Descriptor.FullName, _ => true))
            .AddCheck<DrainCheck>("drain")
            .AddCheck<StoreCheck>("store");
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Period = WatchInterval);
        // It would log each shutdown as an error; the checks themselves log what an operator has to know.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
    }

    public static void MapProbes(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).WithMetadata(new Probe());
        routes.MapHealthChecks("/health/ready").WithMetadata(new Probe());
        routes.MapGrpcHealthChecksService().WithMetadata(new Probe());
    }

    private sealed class DrainCheck(DrainSignal drain) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(drain.Begun.IsCancellationRequested ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
    }

    private sealed class StoreCheck(UserStore store, ILogger<StoreCheck> logger) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await store.CheckAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.StoreFailed(logger, exception);
                return HealthCheckResult.Unhealthy();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The database cannot be read: the server is not ready")]
        public static partial void StoreFailed(ILogger logger, Exception exception);
    }
}
