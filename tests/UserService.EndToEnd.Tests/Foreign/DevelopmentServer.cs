using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Foreign;

/// <summary>One server with a new database in Development, as the README starts it, for the calls of a whole class.</summary>
public sealed class DevelopmentServer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private ServerProcess? _server;

    public string Address => _server!.Address;

    /// <summary>A folder that is not in the repository.</summary>
    public string Elsewhere => _folder.Path;

    public async ValueTask InitializeAsync() =>
        _server = await ServerProcess.StartAsync(_folder.Database, "ASPNETCORE_ENVIRONMENT=Development");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
