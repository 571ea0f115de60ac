using Users.EndToEnd.Tests.Foreign;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>The server is killed, so that nothing of it can clean up, and started again on what it left.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_start_that_was_killed_at_any_of_its_syncs_is_made_good_by_the_next()
    {
        await Tools.RequireStraceAsync();
        foreach (int sync in Kills.Of(await CountSyncsAsync(_folder)))
        {
            using var folder = new TestFolder();
            await KillStartAtSyncAsync(folder, sync);

            await AssertStartsWithItsUsersAsync(folder);
        }
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task A_migration_of_an_older_database_that_was_killed_at_any_of_its_syncs_is_made_good_by_the_next_start()
    {
        await Tools.RequireStraceAsync();
        User ada;
        await using (ServerProcess first = await ServerProcess.StartAsync(_folder.Database))
        {
            ada = await first.Client.AddUserAsync("Ada");
            Assert.Equal(0, await first.StopAsync());
        }

        using (var database = new SqliteFile(_folder.Database))
        {
            database.Execute("""
                DROP TABLE chat_messages;
                DROP TABLE rooms;
                DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_AddChatMessages' OR MigrationId LIKE '%_SayMessagesOnce'
                """);
        }

        using TestFolder whole = Copy();
        foreach (int sync in Kills.Of(await CountSyncsAsync(whole)))
        {
            using TestFolder folder = Copy();
            await KillStartAtSyncAsync(folder, sync);

            await using ServerProcess server = await ServerProcess.StartAsync(folder.Database);
            Assert.Equal([ada], await server.Client.ListAsync());
            using var chat = server.Client.ChatUsers(cancellationToken: Token);
            await chat.RequestStream.WriteAsync(new ChatMessage { UserId = ada.Id, Message = "Hello" }, Token);
            Assert.True(await chat.ResponseStream.MoveNext(Token));
            Assert.Equal((1, "Hello"), (chat.ResponseStream.Current.Sequence, chat.ResponseStream.Current.Message));
        }

        TestFolder Copy()
        {
            var folder = new TestFolder();
            File.Copy(_folder.Database, folder.Database);
            return folder;
        }
    }

    [Fact]
    public async Task A_start_that_was_killed_once_its_database_was_open_is_made_good_by_the_next()
    {
        await using (ServerProcess killed = Launch(_folder))
        {
            await killed.Process.Output.FirstAsync("Opened the database");
            await killed.Process.KillAsync();
        }

        await AssertStartsWithItsUsersAsync(_folder);
    }

    // The state between the two: what the kill above reaches only by luck.
    [Fact]
    public async Task A_start_that_was_killed_between_its_migrations_and_its_users_is_made_good_by_the_next()
    {
        await using (ServerProcess first = await Launch(_folder).StartedAsync())
        {
            await first.Process.KillAsync();
        }

        using (var database = new SqliteFile(_folder.Database))
        {
            database.Execute("DELETE FROM users; PRAGMA user_version = 1");
        }

        await AssertStartsWithItsUsersAsync(_folder);
    }

    /// <summary>Starts a server whole, and answers how many syncs it made before it served, in the thread that made most of them.</summary>
    private static async Task<int> CountSyncsAsync(TestFolder folder)
    {
        string file = folder.File("syncs");
        await using (ServerProcess server = Launch(folder, Strace.WriteSyncs(file)))
        {
            await server.StartedAsync();
        }

        string[] lines = await File.ReadAllLinesAsync(file, Token);
        return lines.Where(line => line.Contains("sync(", StringComparison.Ordinal)).CountBy(line => line.Split(' ')[0]).Max(thread => thread.Value);
    }

    private static async Task KillStartAtSyncAsync(TestFolder folder, int sync)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"Killed at sync {sync}.");
        await using ServerProcess killed = Launch(folder, Strace.KillAtSync(sync));

        // strace ends as its program did.
        Assert.Equal(128 + ChildProcess.SigKill, await killed.Process.EndAsync());
        Assert.DoesNotContain("listening on", killed.Process.Output.ToString());
    }

    private static ServerProcess Launch(TestFolder folder, IEnumerable<string>? tracer = null) => ServerProcess.Launch(
        [$"ConnectionStrings__Users=Data Source={folder.Database}", "ASPNETCORE_ENVIRONMENT=Development"], tracer: tracer);

    private static async Task AssertStartsWithItsUsersAsync(TestFolder folder)
    {
        await using ServerProcess server = await Launch(folder).StartedAsync();

        Assert.Equal(
            Enumerable.Range(1, 5).Select(number => $"01900000-0000-7000-8000-{number:d12}"),
            (await server.Client.ListAsync()).Select(user => user.Id));
        Assert.Equal("Ada", (await server.Client.AddUserAsync("Ada")).Name);
    }
}
