using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Logging;

namespace Users.Client.Connection.Balancing;

/// <summary>Chooses among the servers that are connected, in turn, and watches the health of each for as long as it is connected.</summary>
/// <remarks>The library calls it for one change of a channel at a time.</remarks>
internal sealed class ServingBalancer(IChannelControlHelper controller, ILoggerFactory loggers, Func<BalancerAddress, HealthWatch> watch)
    : SubchannelsLoadBalancer(controller, loggers)
{
    private Dictionary<Subchannel, HealthWatch> _watches = [];

    protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels)
    {
        Dictionary<Subchannel, HealthWatch> before = _watches;
        _watches = readySubchannels.ToDictionary(
            server => server, server => before.Remove(server, out HealthWatch? watched) ? watched : watch(server.CurrentAddress!));
        End(before);
        return new ServingPicker([.. _watches.Select(server => (server.Key, server.Value))]);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        End(_watches);
    }

    private static void End(Dictionary<Subchannel, HealthWatch> watches)
    {
        foreach (HealthWatch ended in watches.Values)
        {
            ended.Dispose();
        }

        watches.Clear();
    }
}

internal sealed class ServingBalancerFactory(Func<BalancerAddress, HealthWatch> watch) : LoadBalancerFactory
{
    public const string Policy = "serving_round_robin";

    public override string Name => Policy;

    public override LoadBalancer Create(LoadBalancerOptions options) => new ServingBalancer(options.Controller, options.LoggerFactory, watch);
}
