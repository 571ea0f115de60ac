using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Killing;

/// <summary>kill -9 at a random moment, again and again on the same file, half as often as USERS_KILLS says.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_is_killed_at_any_moment_loses_nothing_that_it_answered()
    {
        int kills = Kills.Asked / 2 ?? 3;
        Random random = Kills.Choose();
        MixedLoad? load = null;
        int answers = 0;
        for (int round = 0; round <= kills; round++)
        {
            await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
            load ??= await MixedLoad.CreateAsync(server.Client, random);
            await load.CheckAsync(server.Client, isLast: round == kills);
            using (var database = new SqliteFile(_folder.Database))
            {
                Assert.Equal("ok", database.Read("PRAGMA integrity_check"));
            }

            if (round < kills)
            {
                answers += await KillUnderAsync(load, server, random);
                Assert.DoesNotContain("fail:", server.Process.Output.ToString());
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0} kills; all of {1} acknowledged answers are there.", kills, answers);
    }

    private static async Task<int> KillUnderAsync(MixedLoad load, ServerProcess server, Random random)
    {
        var acknowledgements = new Acknowledgements(random.Next(1, 400));
        Task running = load.RunAsync(server.Client, acknowledgements);
        await Task.WhenAny(acknowledgements.Reached, running).WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
        // An answer is a moment of its own; this leaves it.
        Thread.SpinWait(random.Next(100_000));
        await server.Process.KillAsync();
        await running.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
        return acknowledgements.Count;
    }
}
