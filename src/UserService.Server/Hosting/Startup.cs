using Users.Data;

namespace Users.Server.Hosting;

/// <summary>Opens the database before Kestrel listens, and says where everything is once it does.</summary>
internal sealed partial class Startup(
    UserStore store, Endpoints endpoints, IHostEnvironment environment, ILogger<Startup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store.IsNew)
        {
            await store.Users.SeedAsync(environment.IsDevelopment() ? DevelopmentUsers.All : [], cancellationToken);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Log.Probes(logger, endpoints.Http);
        Log.Grpc(logger, endpoints.Grpc);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
