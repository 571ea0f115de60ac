namespace Users.Server.Hosting;

/// <summary>Says where everything is once all of the start is done, and that the server has stopped.</summary>
internal sealed partial class Announcement(Endpoints endpoints, IHostApplicationLifetime lifetime, ILogger<Announcement> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            Log.Probes(logger, endpoints.Http);
            Log.Grpc(logger, endpoints.Grpc);
            Systemd.Notify(Systemd.Ready);
        });
        lifetime.ApplicationStopping.Register(() => Systemd.Notify(Systemd.Stopping));
        lifetime.ApplicationStopped.Register(() => Log.Stopped(logger));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
