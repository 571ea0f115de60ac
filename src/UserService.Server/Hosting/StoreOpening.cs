using Users.Data;

namespace Users.Server.Hosting;

/// <summary>Opens the database before Kestrel listens, by asking for it, and gives a new one its first users.</summary>
internal sealed class StoreOpening(UserStore store, IHostEnvironment environment) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store.IsNew)
        {
            await store.Users.SeedAsync(environment.IsDevelopment() ? DevelopmentUsers.All : [], cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
