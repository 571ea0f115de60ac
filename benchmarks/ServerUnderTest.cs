using System.Diagnostics;
using Grpc.Net.Client;
using Users.V1;

namespace Users.Benchmarks;

/// <summary>The built server as a process, on a new database in a folder of its own. Disposing it leaves neither.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-benchmark-");
    private readonly List<GrpcChannel> _channels = [];
    private readonly string[] _settings;

    private ServerUnderTest(string program, Action<Process>? started, string[] settings)
    {
        _settings = settings;
        string[] all =
        [
            "Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:0",
            "Kestrel__Endpoints__Http__Url=http://127.0.0.1:0",
            "Security__RequireTls=false",
            "Security__RequireTokens=false",
            // All streams of a load are one caller's.
            "RateLimits__CallerStreams=0",
            $"ConnectionStrings__Users=Data Source={Database}",
            .. settings,
        ];
        ProcessStartInfo start = program.EndsWith(".dll", StringComparison.Ordinal) ? new("dotnet", [program]) : new(program);
        start.WorkingDirectory = _folder.FullName;
        foreach (string[] setting in all.Select(setting => setting.Split('=', 2)))
        {
            start.Environment[setting[0]] = setting[1];
        }

        Process = new MeasuredProcess(start, started);
    }

    /// <summary>The server that was built with this program: beside it, in the same configuration.</summary>
    public static string BuiltProgram
    {
        get
        {
            string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            return Path.GetFullPath(Path.Combine(here, "..", "..", "UserService.Server", Path.GetFileName(here), "UserService.Server.dll"));
        }
    }

    public Uri Address { get; private set; } = null!;

    public MeasuredProcess Process { get; }

    public string Database => Path.Combine(_folder.FullName, "users.db");

    /// <param name="settings">Each as the environment has it, such as <c>Limits__MaxCommit=1</c>.</param>
    public static Task<ServerUnderTest> StartAsync(params string[] settings) => StartAsync(BuiltProgram, null, settings);

    /// <param name="program">The server's dll, or a program that was published.</param>
    /// <param name="started">Is given the process at once after its start.</param>
    /// <param name="settings">Each as the environment has it.</param>
    public static async Task<ServerUnderTest> StartAsync(string program, Action<Process>? started, params string[] settings)
    {
        var server = new ServerUnderTest(program, started, settings);
        try
        {
            server.Address = await server.Process.ReadAddressAsync("Grpc listening on");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with connections of its own.</summary>
    public UserService.UserServiceClient Connect() => new(ConnectChannel());

    /// <summary>A channel with connections of its own.</summary>
    public GrpcChannel ConnectChannel()
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = GuardSettings.TrustOf(_settings);
        _channels.Add(GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }));
        return _channels[^1];
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await Process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
