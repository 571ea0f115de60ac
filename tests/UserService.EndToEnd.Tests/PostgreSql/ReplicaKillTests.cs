using Users.EndToEnd.Tests.Killing;
using Users.EndToEnd.Tests.Support;
using Users.Tests.Support.PostgreSql;

namespace Users.EndToEnd.Tests.PostgreSql;

/// <summary>A replica, killed at a random moment, a quarter as often as USERS_KILLS says.</summary>
public sealed class ReplicaKillTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_that_is_killed_at_any_moment_loses_nothing_that_it_answered()
    {
        PostgreSqlCluster cluster = PostgreSqlCluster.Require();
        string database = cluster.Create();
        Random random = Kills.Choose();
        int answers = 0;
        await using ServerProcess survivor = await StartAsync(cluster, database);
        MixedLoad load = await MixedLoad.CreateAsync(survivor.Client, random);
        int kills = Kills.Asked / 4 ?? 3;
        for (int round = 1; round <= kills; round++)
        {
            await using ServerProcess killed = await StartAsync(cluster, database);
            var acknowledgements = new Acknowledgements(random.Next(1, 300));
            Task running = load.RunAsync(killed.Client, acknowledgements);
            await Task.WhenAny(acknowledgements.Reached, running).WaitAsync(ChildProcess.Patience, Token);
            Thread.SpinWait(random.Next(100_000));
            await killed.Process.KillAsync();
            await running.WaitAsync(ChildProcess.Patience, Token);
            answers += acknowledgements.Count;

            await load.CheckAsync(survivor.Client, isLast: round == kills);
        }

        TestContext.Current.SendDiagnosticMessage("{0} kills of a replica; all of {1} acknowledged answers are there.", kills, answers);
    }

    internal static Task<ServerProcess> StartAsync(PostgreSqlCluster cluster, string database) =>
        ServerProcess.Launch(Settings(cluster, database)).StartedAsync();

    internal static string[] Settings(PostgreSqlCluster cluster, string database) =>
        ["Database__Provider=PostgreSql", $"ConnectionStrings__Users={cluster.ConnectionString(database)}"];
}
