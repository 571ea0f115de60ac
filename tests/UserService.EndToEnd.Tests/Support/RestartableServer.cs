using Users.V1;

namespace Users.EndToEnd.Tests.Support;

/// <summary>A server that can be ended and started again on the same port and file.</summary>
internal sealed class ServerOnPort : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _environment;

    private ServerOnPort(string[] environment) => _environment = environment;

    /// <summary>The one that the system picked for the first start.</summary>
    public int Port { get; private set; }

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>The process of this moment.</summary>
    public ServerProcess Server { get; private set; } = null!;

    public UserService.UserServiceClient Client => Server.Client;

    public static async Task<ServerOnPort> StartAsync(params string[] environment)
    {
        var server = new ServerOnPort(environment);
        await server.StartAgainAsync();
        return server;
    }

    public string File(string name) => _folder.File(name);

    /// <summary>Ends the server, by SIGTERM or by kill -9.</summary>
    public Task EndAsync(bool isKilled) => isKilled ? Server.Process.KillAsync() : Server.StopAsync();

    public async Task StartAgainAsync()
    {
        ServerProcess? ended = Server;
        Server = await ServerProcess.StartAsync(_folder.Database, [$"Kestrel__Endpoints__Grpc__Url={Address}", .. _environment]);
        Port = new Uri(Server.Address).Port;
        await (ended?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
