using Users.EndToEnd.Tests.Support;
using Users.Tests.Support.PostgreSql;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>Two replicas are replaced, one after the other, while clients of every pattern run that know both.</summary>
public sealed class RollingTests
{
    // Four clients with two each, one for calls and one for the watch of the health: with seven none is missing but a watch.
    private const int Connections = 7;

    [Fact]
    public async Task A_rolling_restart_fails_no_call_and_loses_no_message() =>
        Assert.Equal(0, await RunAsync((replicas, index) => replicas.ReplaceAsync(index), 1));

    [Fact]
    public Task Replicas_that_are_killed_fail_no_call_but_those_that_reading_resolves_and_lose_no_message() =>
        RunAsync((replicas, index) => replicas.KillAsync(index), Kills.Asked / 20 ?? 1);

    private static async Task<int> RunAsync(Func<ReplicaPair, int, Task> replaceAsync, int rounds)
    {
        Random random = Kills.Choose();
        await using ReplicaPair replicas = await ReplicaPair.StartAsync(PostgreSqlCluster.Require());
        using var load = new RollingLoad(replicas.Address, random);
        await load.StartAsync();
        for (int i = 0; i < rounds * replicas.Count; i++)
        {
            await load.ProgressAsync(random.Next(100, 500));
            await load.WhileAsync(replaceAsync(replicas, i % replicas.Count));
            // The next one goes when the clients have found this one.
            while (replicas.Connections(i % replicas.Count) < Connections)
            {
                await load.ProgressAsync(20);
            }
        }

        return await load.EndAsync($"{rounds * replicas.Count} replacements of a replica");
    }
}
