using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Users.Server.Hosting;

/// <summary>
/// Asks each connection to go after some time, so that replicas that are new get their share of clients whose connections would live for days. The
/// client reads a GOAWAY: calls that run end on this connection, and the next one opens another.
/// </summary>
internal static class ConnectionAge
{
    // Connections that were opened at once, as after a restart, do not go at once.
    private const double Jitter = 0.1;

    public static void Limit(ListenOptions endpoint, TimeSpan age, TimeProvider time) => endpoint.Use(next => async connection =>
    {
        var lifetime = connection.Features.Get<IConnectionLifetimeNotificationFeature>();
        TimeSpan own = age * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
        await using ITimer timer = time.CreateTimer(_ => lifetime?.RequestClose(), null, own, Timeout.InfiniteTimeSpan);
        await next(connection);
    });
}
