using System.Runtime.InteropServices;

namespace Users.Server.Hosting;

/// <summary>
/// The first signal drains the server; a second one ends it at once, with 128 plus its number as the exit code. The host's own
/// handler would take no notice of it. The database is safe: what was acknowledged is in its write-ahead log, on disk.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private int _received;

    public Signals() => _registrations =
    [
        Register(PosixSignal.SIGHUP, 1),
        Register(PosixSignal.SIGINT, 2),
        Register(PosixSignal.SIGQUIT, 3),
        Register(PosixSignal.SIGTERM, 15),
    ];

    /// <summary>Whether one has come.</summary>
    public bool Any => Volatile.Read(ref _received) > 0;

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    // The first one is left to the host, and before there is a host to the runtime, which ends the process.
    private PosixSignalRegistration Register(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, _ =>
    {
        if (Interlocked.Increment(ref _received) > 1)
        {
            Environment.Exit(128 + number);
        }
    });
}
