using System.Text.RegularExpressions;
using Grpc.Net.Client;
using Users.V1;

namespace Users.EndToEnd.Tests.Support;

/// <summary>The server as a process, on ports that the system picks unless a test says otherwise.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];

    private ServerProcess(ChildProcess process) => Process = process;

    public static string Dll { get; } = ChildProcess.Program("UserService.Server");

    public ChildProcess Process { get; }

    /// <summary>Where it serves gRPC, once it said so.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Where it answers probes, once it said so.</summary>
    public string HttpAddress { get; private set; } = "";

    public UserService.UserServiceClient Client => field ??= new UserService.UserServiceClient(Connect());

    /// <summary>A server of the test's own, beside whose program it may write: everybody else's stays as it is.</summary>
    /// <returns>Its dll.</returns>
    public static string CopyTo(TestFolder folder)
    {
        string source = Path.GetDirectoryName(Dll)!;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = folder.File(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder.File(Path.GetFileName(Dll));
    }

    /// <summary>Starts the process, and does not wait for anything.</summary>
    /// <param name="environment">Each as NAME=value; two alike, and the later holds.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="dll">Another server than the one that the solution built.</param>
    /// <param name="tracer">What runs the server, with its command line.</param>
    public static ServerProcess Launch(
        IEnumerable<string> environment, IEnumerable<string>? arguments = null, string? dll = null, IEnumerable<string>? tracer = null) => new(new(
        dll ?? Dll,
        arguments ?? [],
        [
            "Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:0",
            "Kestrel__Endpoints__Http__Url=http://127.0.0.1:0",
            // A third of a start, for calls that most tests do not make.
            "WarmUp__Enabled=false",
            "Chat__SpeakersAreUsers=true",
            "Security__RequireTls=false",
            "Security__RequireTokens=false",
            // Nobody connects to a server that a test has stopped, but where the drain is what is tested.
            "Limits__DrainWindow=00:00:00",
            // The default would not fit the limit of open files of every machine, and the server would warn.
            "Limits__MaxConnections=1000",
            .. environment,
        ],
        tracer));

    /// <summary>Starts the server on this file and waits until it serves.</summary>
    public static Task<ServerProcess> StartAsync(string database, params string[] environment) =>
        Launch([$"ConnectionStrings__Users=Data Source={database}", .. environment]).StartedAsync();

    /// <summary>Waits until the server says that it serves; when it ends instead, the process is cleaned up and the test fails.</summary>
    public async Task<ServerProcess> StartedAsync()
    {
        try
        {
            Address = Addresses().Match(await Process.Output.FirstAsync("Grpc listening on ")).Value;
            HttpAddress = Addresses().Match(await Process.Output.FirstAsync("Probes listening on ")).Value;
            return this;
        }
        catch (Exception)
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>A channel, and so connections, of its own.</summary>
    public GrpcChannel Connect(GrpcChannelOptions? options = null)
    {
        var channel = GrpcChannel.ForAddress(Address, options ?? new GrpcChannelOptions());
        _channels.Add(channel);
        return channel;
    }

    /// <summary>Asks the server to stop, and answers its exit code.</summary>
    public Task<int> StopAsync()
    {
        Process.Signal(ChildProcess.SigTerm);
        return Process.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await Process.DisposeAsync();
    }

    [GeneratedRegex("https?://[^ ]+")]
    private static partial Regex Addresses();
}
