using Users.Server.Settings;

namespace Users.Server.Hosting;

/// <summary>
/// The files and sockets that this process may have open. At the limit the server would no longer accept, nor say so, and the runtime
/// may end the process; so it holds fewer connections instead.
/// </summary>
internal sealed partial class FileHandles(ILogger<FileHandles> logger)
{
    /// <summary>With fewer the server does not start.</summary>
    public const int Least = 512;

    // Some 300 are the program's own files, which stay open; the others are the database, its readers and the logs.
    private const int Reserve = 400;

    // Connections that are refused, and not closed yet.
    private const int Refused = 50;

    /// <summary>How many connections may be open at once, those included that are only there to be refused; null where no limit is known.</summary>
    public static int? MaxSockets => Limit is { } handles ? Math.Max(handles - Reserve, 1) : null;

    /// <summary>The connections that each endpoint takes: those that are set, or as many as the limit leaves room for.</summary>
    public int Fit(int maxConnections, int endpoints) => Fit(maxConnections, endpoints, Limit);

    /// <summary>The same under a limit of open files, which is null where none is known.</summary>
    internal int Fit(int maxConnections, int endpoints, int? limit)
    {
        if (limit is not { } handles)
        {
            return maxConnections;
        }

        if (handles < Least)
        {
            throw BadSetting.Because(
                $"This process may have {handles} files and connections open, and needs {Least}: raise the limit (LimitNOFILE= in systemd, ulimit -n in a shell).");
        }

        int fitting = (handles - Math.Max(Reserve + Refused, handles / 2)) / Math.Max(endpoints, 1);
        if (fitting >= maxConnections)
        {
            return maxConnections;
        }

        Log.Lowered(logger, handles, fitting, maxConnections);
        return fitting;
    }

    // The runtime has raised the soft limit to the hard one by now.
    private static int? Limit { get; } = OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
        && int.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], out int soft)
            ? soft
            : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "This process may have {Handles} files and connections open, so each endpoint takes {Fitting} connections, not {MaxConnections}: raise the limit (LimitNOFILE= in systemd, ulimit -n in a shell) or lower Limits:MaxConnections")]
        public static partial void Lowered(ILogger logger, int handles, int fitting, int maxConnections);
    }
}
