namespace Users.Server.Hosting;

/// <summary>
/// Sets the mode of a socket's file when Kestrel listens on it: to connect, a process needs the right to write. Until then it has what the
/// process's umask leaves, with the usual 022 the right of its owner alone.
/// </summary>
internal sealed class SocketMode(string path, UnixFileMode mode) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
