using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Guards;
using Users.V1;

namespace Users.Server.Hosting;

/// <summary>
/// The health of the server, for orchestrators and load balancers: over HTTP as alive and ready, over gRPC as grpc.health.v1
/// of the server ("") and of its service. One set of checks answers both.
/// </summary>
internal static class Probes
{
    public static void AddProbes(this WebApplicationBuilder builder) =>
        builder.Services
            .AddGrpcHealthChecks(grpc => grpc.Services.Map(UserService.Descriptor.FullName, _ => true))
            .AddCheck<StoreCheck>("store");

    public static void MapProbes(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        // At shutdown Watch says NOT_SERVING and ends by itself.
        app.MapGrpcHealthChecksService().WithMetadata(new DrainExempt(), new OpenToAll());
    }

    private sealed class StoreCheck(UserStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await store.CheckAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
