using Users.V1;

namespace Users.EndToEnd.Tests.Support;

/// <summary>
/// A server that can be ended and started again on the same file. Its callers keep one address, that of a proxy: the port of a
/// server that ended may be anybody's before the next one starts.
/// </summary>
public sealed class RestartableServer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly TcpProxy _front;
    private readonly TcpProxy _httpFront;
    private readonly string[] _environment;

    public RestartableServer()
        : this([])
    {
    }

    internal RestartableServer(params string[] environment)
    {
        _environment = environment;
        _front = new TcpProxy(this);
        _httpFront = new TcpProxy(() => new Uri(Server.HttpAddress).Port);
    }

    /// <summary>The one that the system picked for the latest start.</summary>
    internal int Port => new Uri(Server.Address).Port;

    internal string Address => _front.Address;

    /// <summary>The same for its HTTP port.</summary>
    internal string HttpAddress => _httpFront.Address;

    /// <summary>The process of this moment.</summary>
    internal ServerProcess Server { get; private set; } = null!;

    internal UserService.UserServiceClient Client => Server.Client;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(_folder.Database, _environment);

    /// <summary>Ends the server, by SIGTERM or by kill -9.</summary>
    internal Task EndAsync(bool isKilled) => isKilled ? Server.Process.KillAsync() : Server.StopAsync();

    internal async Task StartAgainAsync()
    {
        await Server.DisposeAsync();
        await InitializeAsync();
    }

    /// <summary>For a test that comes after one that failed in between.</summary>
    internal Task StartIfEndedAsync() => Server.Process.HasExited ? StartAgainAsync() : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _httpFront.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
