using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;

namespace Users.Client.Connection.Balancing;

/// <summary>
/// A channel to several servers: its calls go to one after the other, but to none that says it is not serving. A call stays with
/// the server that it began with; a stream that breaks is begun again by its caller, and so on another server.
/// </summary>
internal static class Replicas
{
    // The library's name for a resolver that was given its answer.
    private const string Listed = "static:///users";

    // How soon a replica that is new behind the name gets calls. A replica that fails has the name looked up at once.
    private static readonly TimeSpan LookUpInterval = TimeSpan.FromSeconds(30);

    /// <param name="address">The servers.</param>
    /// <param name="options">How each is spoken to.</param>
    /// <param name="newHandler">Makes the connection on which a server's health is watched, beside the one of the calls.</param>
    public static GrpcChannel Connect(ServerAddress address, GrpcChannelOptions options, Func<HttpMessageHandler> newHandler)
    {
        options.ServiceConfig!.LoadBalancingConfigs.Add(new(ServingBalancerFactory.Policy));
        options.ServiceProvider = new BalancerServices(
            address.IsName ? new DnsResolverFactory(LookUpInterval) : Resolver(address.Servers.Select(server => new BalancerAddress(server.DnsSafeHost, server.Port))),
            new ServingBalancerFactory(replica => new HealthWatch(OpenTo(replica, address.IsTls, newHandler()), TimeProvider.System)));
        return GrpcChannel.ForAddress(address.IsName ? $"dns:///{address.Servers[0].Authority}" : Listed, options);
    }

    // The address keeps its attributes: the name that a certificate has to be for.
    private static GrpcChannel OpenTo(BalancerAddress replica, bool isTls, HttpMessageHandler handler) =>
        GrpcChannel.ForAddress(Listed, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            // Health needs no token.
            Credentials = isTls ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            ServiceProvider = new BalancerServices(Resolver([replica])),
        });

    private static StaticResolverFactory Resolver(IEnumerable<BalancerAddress> addresses) => new(_ => addresses);
}
