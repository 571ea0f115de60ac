using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Users.Server.WarmUp;

internal static class WarmUpSetup
{
    /// <summary>
    /// Health says NOT_SERVING until the server has served itself, so that no client's first call waits for code to be compiled.
    /// <c>WarmUp:Enabled=false</c> is for a server that answers a few calls and ends, such as a test's.
    /// </summary>
    public static void AddWarmUp(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue("WarmUp:Enabled", true))
        {
            return;
        }

        builder.Services.AddSingleton<FirstConnection>();
        builder.Services.AddSingleton<FirstCalls>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FirstCalls>());
        builder.Services.AddHealthChecks().AddCheck<Check>("warm-up");
    }

    private sealed class Check(FirstCalls first) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(first.AreDone ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
    }
}
