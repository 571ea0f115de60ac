using Users.EndToEnd.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Users.EndToEnd.Tests.Support;

/// <summary>A server with the usual settings, for every test that neither ends it nor minds what others store there.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    internal ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(_folder.Database);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
