using System.Diagnostics;
using Grpc.Core;
using Users.EndToEnd.Tests.Killing;
using Users.EndToEnd.Tests.Support;
using Users.Tests.Support.PostgreSql;

namespace Users.EndToEnd.Tests.PostgreSql;

/// <summary>The database of two replicas, crashed at a random moment, half as often as USERS_KILLS says.</summary>
public sealed class DatabaseCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_crashes_at_any_moment_loses_nothing_that_was_answered_and_the_replicas_go_on_by_themselves()
    {
        PostgreSqlCluster cluster = PostgreSqlCluster.StartOwn();
        string database = cluster.Create();
        Random random = Kills.Choose();
        int answers = 0;
        TimeSpan slowest = TimeSpan.Zero;
        await using ServerProcess one = await ReplicaKillTests.StartAsync(cluster, database);
        await using ServerProcess two = await ReplicaKillTests.StartAsync(cluster, database);
        using var http = new HttpClient();
        MixedLoad load = await MixedLoad.CreateAsync(one.Client, random);
        int crashes = Kills.Asked / 2 ?? 3;
        for (int round = 1; round <= crashes; round++)
        {
            ServerProcess loaded = round % 2 == 0 ? one : two;
            var acknowledgements = new Acknowledgements(random.Next(1, 300));
            Task running = load.RunAsync(
                loaded.Client,
                acknowledgements,
                failure => failure.StatusCode == StatusCode.Unavailable && failure.Status.Detail.StartsWith("The database ", StringComparison.Ordinal));
            await Task.WhenAny(acknowledgements.Reached, running).WaitAsync(ChildProcess.Patience, Token);
            cluster.Stop("immediate");
            long stopped = Stopwatch.GetTimestamp();
            await running.WaitAsync(TimeSpan.FromSeconds(30), Token);
            await UntilAsync(http, loaded, isReady: false);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(stopped).Ticks));
            cluster.Start();
            await UntilAsync(http, loaded, isReady: true);
            answers += acknowledgements.Count;

            await load.CheckAsync(loaded.Client, isLast: round == crashes);
        }

        TestContext.Current.SendDiagnosticMessage(
            "{0} crashes of the database; all of {1} acknowledged answers are there; every call was answered, and the server not ready, within {2:0.0} s.",
            crashes, answers, slowest.TotalSeconds);
        Assert.True(slowest < TimeSpan.FromSeconds(15), $"{slowest}");
    }

    private static async Task UntilAsync(HttpClient http, ServerProcess server, bool isReady)
    {
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync($"{server.HttpAddress}/health/ready", Token);
            if (answer.IsSuccessStatusCode == isReady)
            {
                return;
            }
        }
    }
}
