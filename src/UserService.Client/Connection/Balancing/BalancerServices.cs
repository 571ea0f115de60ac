using Grpc.Net.Client.Balancer;

namespace Users.Client.Connection.Balancing;

/// <summary>What a channel asks its services for: how to find servers, and how to choose among them.</summary>
internal sealed class BalancerServices(ResolverFactory resolver, params LoadBalancerFactory[] balancers) : IServiceProvider
{
    private readonly ResolverFactory[] _resolvers = [resolver];

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IEnumerable<ResolverFactory>) ? _resolvers
        : serviceType == typeof(IEnumerable<LoadBalancerFactory>) ? balancers
        : null;
}
