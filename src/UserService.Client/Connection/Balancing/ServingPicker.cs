using Grpc.Net.Client.Balancer;

namespace Users.Client.Connection.Balancing;

/// <summary>The next server in turn that does not say it is not serving; where all say so, the next one: it may know better by now.</summary>
internal sealed class ServingPicker((Subchannel Subchannel, HealthWatch Health)[] servers) : SubchannelPicker
{
    // Clients that start together do not all begin with the first server.
    private int _turn = Random.Shared.Next(servers.Length);

    public override PickResult Pick(PickContext context)
    {
        uint turn = unchecked((uint)Interlocked.Increment(ref _turn));
        for (uint i = 0; i < servers.Length; i++)
        {
            (Subchannel subchannel, HealthWatch health) = servers[(turn + i) % servers.Length];
            if (health.IsServing)
            {
                return PickResult.ForSubchannel(subchannel);
            }
        }

        return PickResult.ForSubchannel(servers[turn % servers.Length].Subchannel);
    }
}
