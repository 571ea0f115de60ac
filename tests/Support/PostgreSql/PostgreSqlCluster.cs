using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Users.Tests.Support.PostgreSql;

/// <summary>
/// A PostgreSQL server of the test process's own: in a temporary folder, on loopback and a port that the system picked, as an unprivileged
/// user. It is made when the first test asks for it, and ends with the process.
/// </summary>
internal sealed class PostgreSqlCluster
{
    // PostgreSQL refuses to run as root. Debian's package makes this user.
    private const string Unprivileged = "postgres";
    private const string Owner = "owner";
    private static readonly Lazy<PostgreSqlCluster?> Only = new(TryStart);
    private readonly string _bin;
    private readonly ScratchFolder _folder;
    private int _databases;

    private PostgreSqlCluster(string bin)
    {
        _bin = bin;
        _folder = new ScratchFolder("pg-");
        Port = FreePort();
        if (IsRoot)
        {
            Run("chown", Unprivileged, _folder.Path);
        }

        RunAs("initdb", "-D", Data, "-U", Owner, "--auth=trust", "--no-locale", "-E", "UTF8");
        Start();
    }

    /// <summary>The one of this process. Without PostgreSQL the test is skipped; where <c>CI</c> is set it fails.</summary>
    public static PostgreSqlCluster Require()
    {
        if (Only.Value is { } cluster)
        {
            return cluster;
        }

        const string Reason = "There is no PostgreSQL on this machine (pg_ctl and initdb).";
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
        {
            Assert.Fail(Reason);
        }

        Assert.Skip(Reason);
        return null!;
    }

    /// <summary>One that a test may stop and crash; it ends with the process, too.</summary>
    public static PostgreSqlCluster StartOwn()
    {
        Require();
        return TryStart()!;
    }

    public int Port { get; }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    private string Data => _folder.File("data");

    /// <summary>How a client reaches a database.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username={Owner}";

    /// <summary>Makes a database, empty or a copy.</summary>
    public string Create(string? template = null)
    {
        string name = $"test{Interlocked.Increment(ref _databases)}";
        Execute("postgres", $"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return name;
    }

    /// <summary>Runs a statement.</summary>
    public void Execute(string database, string sql) => Run(
        Path.Combine(_bin, "psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", Owner, "-d", database, "-v", "ON_ERROR_STOP=1", "-q", "-c", sql);

    public void Start() => RunAs(
        "pg_ctl", "-D", Data, "-w", "-l", _folder.File("data/log"), "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder.Path} -c max_connections=500", "start");

    /// <param name="mode">smart, fast or immediate; the last is a crash.</param>
    public void Stop(string mode) => RunAs("pg_ctl", "-D", Data, "-w", "-m", mode, "stop");

    private static PostgreSqlCluster? TryStart()
    {
        if (Find() is not { } bin)
        {
            return null;
        }

        var cluster = new PostgreSqlCluster(bin);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            cluster.Stop("immediate");
            cluster._folder.Dispose();
        };
        return cluster;
    }

    private static string? Find()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Directory.Exists(Debian))
        {
            folders = Directory.GetDirectories(Debian).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).Concat(folders);
        }

        return folders.FirstOrDefault(folder => Array.Exists(["initdb", "initdb.exe"], name => File.Exists(Path.Combine(folder, name))));
    }

    private void RunAs(string program, params string[] arguments)
    {
        string path = Path.Combine(_bin, program);
        if (IsRoot)
        {
            Run("setpriv", [$"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--clear-groups", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // Its outputs are not read: the server would keep them open.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new Win32Exception(process.ExitCode, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    /// <summary>
    /// A port on which no process listens, for a server that comes back to it: below those that systems pick for connections, for there
    /// a client that looks for the server would sooner or later be connected to itself.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 30_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // The next one.
            }
        }
    }
}
