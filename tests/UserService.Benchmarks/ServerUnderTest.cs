using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Net.Client;
using Users.V1;

namespace Users.Benchmarks;

/// <summary>The built server as a process, on a new database in a folder of its own. Disposing it leaves neither.</summary>
internal sealed partial class ServerUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-benchmark-");
    private readonly List<GrpcChannel> _channels = [];
    private readonly Process _process;
    private readonly string[] _settings;
    private string _address = "";

    private ServerUnderTest(string[] settings)
    {
        _settings = settings;
        // Beside this program, in the same configuration.
        string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string dll = Path.GetFullPath(
            Path.Combine(here, "..", "..", "UserService.Server", Path.GetFileName(here), "UserService.Server.dll"));
        var start = new ProcessStartInfo("dotnet", dll) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true };
        string[] all =
        [
            "Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:0",
            "Kestrel__Endpoints__Http__Url=http://127.0.0.1:0",
            "Security__RequireTls=false",
            "Security__RequireTokens=false",
            $"ConnectionStrings__Users=Data Source={Database}",
            .. settings,
        ];
        foreach (string[] setting in all.Select(setting => setting.Split('=', 2)))
        {
            start.Environment[setting[0]] = setting[1];
        }

        _process = Process.Start(start)!;
    }

    public string Database => Path.Combine(_folder.FullName, "users.db");

    /// <param name="settings">Each as the environment has it, such as <c>Limits__MaxCommit=1</c>.</param>
    public static async Task<ServerUnderTest> StartAsync(params string[] settings)
    {
        var server = new ServerUnderTest(settings);
        while (await server._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Grpc listening on", StringComparison.Ordinal))
            {
                server._address = Address().Match(line).Value;
                // A full pipe would stop the server.
                _ = server._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return server;
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException("The server did not start.");
    }

    /// <summary>A client with connections of its own.</summary>
    public UserService.UserServiceClient Connect()
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = GuardSettings.TrustOf(_settings);
        _channels.Add(GrpcChannel.ForAddress(_address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }));
        return new UserService.UserServiceClient(_channels[^1]);
    }

    /// <summary>One of the process's figures in MiB: VmRSS is its resident memory now, VmHWM the most that it was.</summary>
    public async Task<double> MemoryAsync(string figure)
    {
        string status = await File.ReadAllTextAsync($"/proc/{_process.Id}/status");
        return int.Parse(Regex.Match(status, $@"^{figure}:\s+(\d+) kB$", RegexOptions.Multiline).Groups[1].ValueSpan, null) / 1024.0;
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex("https?://[^ ]+")]
    private static partial Regex Address();
}
