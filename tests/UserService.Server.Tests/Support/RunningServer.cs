using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Users.Data;
using Users.Server.Hosting;
using Users.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Support;

/// <summary>
/// The server as Program builds it, on Kestrel's sockets and a SQLite file of its own. Disposing it fails the test when the
/// server logged an error that the test did not expect.
/// </summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const int LongestName = 200;

    private readonly ScratchFolder _folder = new();
    private readonly WebApplication _app;
    private readonly List<IDisposable> _channels = [];
    private UserService.UserServiceClient? _client;

    private RunningServer(TimeProvider? time, Action<IServiceCollection>? configure, Action<WebApplication>? map, string[] settings)
    {
        DatabaseFile = _folder.File("users.db");
        EmptyDatabase.WriteTo(DatabaseFile);
        _app = Program.Build(
            [
                "--environment=Production",
                "--Security:RequireTls=false",
                "--Security:RequireTokens=false",
                "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0",
                "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                $"--ConnectionStrings:Users=Data Source={DatabaseFile}",
                // Nobody connects to a server that a test has stopped, but where the drain is what is tested.
                "--Limits:DrainWindow=00:00:00",
                "--WarmUp:Enabled=false",
                "--Chat:SpeakersAreUsers=true",
                // The default would not fit the limit of open files of every machine, and the server would warn.
                "--Limits:MaxConnections=1000",
                .. settings,
            ],
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(Log)
                    .AddFilter<LogCapture>(null, builder.Configuration.GetValue("Capture", LogLevel.Debug))
                    // A round of checks may begin at any time, also while the server drains. The product leaves this line out, too, but
                    // what is said for one provider prevails.
                    .AddFilter<LogCapture>("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
                if (time is not null)
                {
                    builder.Services.Replace(ServiceDescriptor.Singleton(time));
                }

                configure?.Invoke(builder.Services);
            });
        map?.Invoke(_app);
        Counts = new ServerCounts(_app.Services);
    }

    /// <summary>The calls and connections that are open.</summary>
    public ServerCounts Counts { get; }

    public LogCapture Log { get; } = new();

    public string DatabaseFile { get; }

    public string Address => _app.Services.GetRequiredService<Endpoints>().Grpc;

    public string HttpAddress => _app.Services.GetRequiredService<Endpoints>().Http;

    /// <summary>All addresses that the server listens on, as Kestrel tells them.</summary>
    public string[] ListensOn => [.. Get<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];

    /// <summary>Where a call may go.</summary>
    public IReadOnlyList<Endpoint> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public UserStore Store => Get<UserStore>();

    public RoomService.RoomServiceClient Rooms => new(Connect());

    public UserService.UserServiceClient Client => _client ??= new UserService.UserServiceClient(Connect());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<RunningServer> StartAsync(params string[] settings) => StartAsync(null, settings);

    public static Task<RunningServer> StartAsync(TimeProvider? time, params string[] settings) => StartAsync(time, configure: null, settings);

    public static Task<RunningServer> StartAsync(TimeProvider? time, Action<IServiceCollection>? configure, params string[] settings) =>
        StartAsync(new RunningServer(time, configure, null, settings));

    /// <summary>A server to which a test adds endpoints, and services for them.</summary>
    public static Task<RunningServer> StartMappedAsync(Action<WebApplication> map, Action<IServiceCollection>? configure, params string[] settings) =>
        StartAsync(new RunningServer(null, configure, map, settings));

    private static async Task<RunningServer> StartAsync(RunningServer server)
    {
        await server._app.StartAsync(Token);
        // The server's own connection, which it makes at its start, may not be quite gone.
        await server.Counts.WaitForNothingAsync();
        return server;
    }

    /// <summary>A service of the server's own.</summary>
    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A channel, and so a connection, of its own.</summary>
    public GrpcChannel Connect(GrpcChannelOptions? options = null)
    {
        var channel = GrpcChannel.ForAddress(Address, options ?? new GrpcChannelOptions());
        _channels.Add(channel);
        return channel;
    }

    /// <summary>Closes the connection of <see cref="Client"/>; the next use opens another.</summary>
    public void ReleaseClient()
    {
        _channels.ForEach(channel => channel.Dispose());
        _channels.Clear();
        _client = null;
    }

    public Task StopAsync() => _app.StopAsync(Token);

    /// <summary>The signal to stop alone, so that a test sees what comes between it and the end: connections stay open.</summary>
    public void SignalStop() => _app.Lifetime.StopApplication();

    /// <summary>A user of this server: created through the API, with an email of its own.</summary>
    public async Task<V1.User> AddUserAsync(string name = "Ada Lovelace") => await Client.CreateUserAsync(
        new CreateUserRequest { Name = name, Email = $"{Guid.NewGuid():n}@example.com" }, cancellationToken: Token);

    /// <summary>
    /// Adds users with the longest of names, past the wire. A list of 2 000 of them is several times what HTTP/2's windows take: a client
    /// that reads one and then waits is in the middle of it.
    /// </summary>
    public async Task FillAsync(int count)
    {
        foreach (int[] batch in Enumerable.Range(0, count).Chunk(UserRepository.MaxBatch))
        {
            await Store.Users.CreateManyAsync([.. batch.Select(i => new NewUser(new string('x', LongestName), $"user{i}@example.com"))], Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseClient();
        Counts.Dispose();
        (_app.Services.GetRequiredService<TimeProvider>() as ManualTime)?.RunFreely();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
        Log.AssertNoUnexpectedError();
    }
}
