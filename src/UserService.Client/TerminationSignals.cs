using System.Runtime.InteropServices;

namespace Users.Client;

/// <summary>
/// Turns the signals that ask the process to end into a cancellation, so that everything in progress is ended in its own
/// order (calls, then the tour's server, then its files).
/// </summary>
internal sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource _received = new();
    private readonly PosixSignalRegistration[] _registrations;

    public TerminationSignals() => _registrations =
    [
        Register(PosixSignal.SIGHUP, 1),
        Register(PosixSignal.SIGINT, 2),
        Register(PosixSignal.SIGQUIT, 3),
        Register(PosixSignal.SIGTERM, 15),
    ];

    public CancellationToken Token => _received.Token;

    /// <summary>128 plus the number of the signal received; null as long as there is none.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _received.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        ExitCode = 128 + number;
        _received.Cancel();
    });
}
