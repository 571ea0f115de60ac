using System.Runtime.InteropServices;

namespace Users.Server.Hosting;

/// <summary>
/// SIGHUP, which a terminal sends when it is closed, drains the server as SIGTERM does. The host does not listen to it, and the runtime ends the
/// process at once. Where it was ignored at the start (nohup), the runtime leaves it ignored.
/// </summary>
internal sealed class HangUp(IHostApplicationLifetime host) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            host.StopApplication();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}
