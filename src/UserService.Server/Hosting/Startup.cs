using Users.Data;

namespace Users.Server.Hosting;

/// <summary>Opens the database before Kestrel listens, warms up, and then says where everything is.</summary>
internal sealed partial class Startup(
    UserStore store, WarmUp warmUp, Endpoints endpoints, IHostEnvironment environment, IHostApplicationLifetime lifetime, ILogger<Startup> logger)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store.IsNew)
        {
            await store.Users.SeedAsync(environment.IsDevelopment() ? DevelopmentUsers.All : [], cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // The endpoints exist only since Kestrel listens; until this is done, health says NOT_SERVING.
        await warmUp.RunAsync(cancellationToken);
        Log.Probes(logger, endpoints.Http);
        Log.Grpc(logger, endpoints.Grpc);
        Systemd.Notify(Systemd.Ready);
        lifetime.ApplicationStopping.Register(() => Systemd.Notify(Systemd.Stopping));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Log.Stopped(logger);
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Probes listening on {Address} (HTTP/1.1)")]
        public static partial void Probes(ILogger logger, string address);

        // The tour and the tests read the address from this line.
        [LoggerMessage(2, LogLevel.Information, "Grpc listening on {Address} (HTTP/2)")]
        public static partial void Grpc(ILogger logger, string address);

        [LoggerMessage(3, LogLevel.Information, "Stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
