using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Users.Client.Connection.Balancing;
using Users.V1;

namespace Users.Client.Connection;

/// <summary>The channel to a server, set up once and shared by all calls: a channel is expensive, a client is not.</summary>
internal static class UsersChannel
{
    // The calls that are safe to send twice: reads, a create and a post because they carry a request_id, an update and a delete
    // because they carry an etag. CreateUsers, ChatUsers and WatchRoom are not here: they resume in the application, which knows where
    // they were.
    private static readonly (string Service, string Method)[] RetriedMethods =
    [
        (UserService.Descriptor.FullName, nameof(UserService.UserServiceClient.GetUser)),
        (UserService.Descriptor.FullName, nameof(UserService.UserServiceClient.ListUsers)),
        (UserService.Descriptor.FullName, nameof(UserService.UserServiceClient.CreateUser)),
        (UserService.Descriptor.FullName, nameof(UserService.UserServiceClient.UpdateUser)),
        (UserService.Descriptor.FullName, nameof(UserService.UserServiceClient.DeleteUser)),
        (RoomService.Descriptor.FullName, nameof(RoomService.RoomServiceClient.PostMessage)),
    ];

    /// <summary>
    /// Below the minute after which many a proxy closes a connection that it thinks idle, and no load for the server. With the
    /// answer, which has half as long, a peer that froze is found out within half a minute, as long as a call waits for one.
    /// </summary>
    public static readonly TimeSpan DefaultKeepAlive = TimeSpan.FromSeconds(20);

    /// <summary>How long it takes at most to find a server that is back.</summary>
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromSeconds(2);

    /// <param name="address">The server, or its replicas.</param>
    /// <param name="keepAlive">After how long a silence the server is pinged while a call is open: 2 seconds or more.</param>
    /// <param name="tls">Whom to trust, and what to show.</param>
    /// <param name="token">The token that each call sends.</param>
    /// <param name="tokenInCleartext">Sends it without TLS to other hosts too, rather than to loopback alone.</param>
    /// <exception cref="InvalidOperationException">The token would go in cleartext to another host.</exception>
    /// <exception cref="CommandException">A file of <paramref name="tls"/> is not what it should be.</exception>
    public static GrpcChannel Open(
        ServerAddress address, TimeSpan? keepAlive = null, TlsFiles? tls = null, CallCredentials? token = null, bool tokenInCleartext = false)
    {
        SocketsHttpHandler NewHandler() => Handler(address, keepAlive ?? DefaultKeepAlive, tls ?? new TlsFiles());
        ChannelCredentials credentials = address.IsTls ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        var options = new GrpcChannelOptions
        {
            HttpHandler = new ResendableRequests(
                RetriedMethods.Select(retried => $"/{retried.Service}/{retried.Method}"), new CutHandshakes(NewHandler())),
            DisposeHttpClient = true,
            // The library's own would find a server that comes back after up to two minutes.
            InitialReconnectBackoff = TimeSpan.FromSeconds(0.2),
            MaxReconnectBackoff = LongestReconnect,
            ServiceConfig = new ServiceConfig { MethodConfigs = { RetryUnavailable() } },
            Credentials = token is null ? credentials : ChannelCredentials.Create(credentials, token),
            UnsafeUseInsecureChannelCallCredentials = address.IsLoopback || tokenInCleartext,
        };
        return address.HasReplicas ? Replicas.Connect(address, options, NewHandler) : GrpcChannel.ForAddress(address.Servers[0], options);
    }

    /// <summary>A client on <paramref name="channel"/> whose unary calls end after <paramref name="deadline"/>.</summary>
    public static UserService.UserServiceClient CreateClient(this GrpcChannel channel, TimeSpan deadline) =>
        new(channel.Intercept(new DefaultDeadline(deadline, TimeProvider.System), new DeadlineStatus()));

    /// <summary>
    /// The proxy of the environment (https_proxy, all_proxy) that calls go by, or null. Cleartext goes by none, since proxies for
    /// it speak HTTP/1.1, what stays on this host has no need of one, and replicas are chosen by their own addresses.
    /// </summary>
    public static Uri? ProxyTo(ServerAddress address) =>
        MayUseProxy(address) && address.Servers[0] is { } server && HttpClient.DefaultProxy.GetProxy(server) is { } proxy && proxy != server
            ? proxy
            : null;

    private static bool MayUseProxy(ServerAddress address) => address is { IsTls: true, IsLoopback: false, HasReplicas: false };

    private static SocketsHttpHandler Handler(ServerAddress address, TimeSpan keepAlive, TlsFiles tls) => new()
    {
        UseProxy = MayUseProxy(address),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        // Without it a call to a peer that is gone without a word would wait for ever.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = keepAlive,
        KeepAlivePingTimeout = keepAlive / 2,
        // One connection carries about 100 streams at a time; without this the next one waits silently.
        EnableMultipleHttp2Connections = true,
        SslOptions = tls.Options(),
        // To a port the library connects by itself.
        ConnectCallback = address.SocketPath is null ? null : (_, cancellation) => ServerSocket.ConnectAsync(address, address.Servers[0], cancellation),
    };

    private static MethodConfig RetryUnavailable()
    {
        var config = new MethodConfig
        {
            RetryPolicy = new RetryPolicy
            {
                // With the first one.
                MaxAttempts = 4,
                InitialBackoff = TimeSpan.FromSeconds(0.1),
                MaxBackoff = TimeSpan.FromSeconds(1),
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        };
        foreach ((string service, string method) in RetriedMethods)
        {
            config.Names.Add(new MethodName { Service = service, Method = method });
        }

        return config;
    }
}
