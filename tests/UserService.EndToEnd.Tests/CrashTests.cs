using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>The server is killed, so that nothing of it can clean up, and started again on what it left.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // A start makes 50 to 100 changes that are seen: to the lock file, the database and its write-ahead log, while it creates,
    // migrates and seeds.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(40)]
    public async Task A_start_that_was_killed_at_its_nth_change_of_the_folder_is_made_good_by_the_next(int change)
    {
        await KillStartAtChangeAsync(change);

        await AssertStartsWithItsUsersAsync();
    }

    // Here it makes about 25.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(16)]
    public async Task A_migration_of_an_older_database_that_was_killed_is_made_good_by_the_next_start(int change)
    {
        User ada;
        await using (ServerProcess first = await ServerProcess.StartAsync(_folder.Database))
        {
            ada = await first.Client.AddUserAsync("Ada");
            Assert.Equal(0, await first.StopAsync());
        }

        using (var database = new SqliteFile(_folder.Database))
        {
            database.Execute("DROP TABLE chat_messages; DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_AddChatMessages'");
        }

        await KillStartAtChangeAsync(change);

        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        Assert.Equal([ada], await server.Client.ListAsync());
        using var chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = ada.Id, Message = "Hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal((1, "Hello"), (chat.ResponseStream.Current.Sequence, chat.ResponseStream.Current.Message));
    }

    [Theory]
    [InlineData("Opened the database")]
    [InlineData("Probes listening on")]
    [InlineData("Grpc listening on")]
    public async Task A_start_that_was_killed_at_a_line_of_its_log_is_made_good_by_the_next(string line)
    {
        await using (ServerProcess killed = Launch())
        {
            await killed.Process.Output.FirstAsync(line);
            await killed.Process.KillAsync();
        }

        await AssertStartsWithItsUsersAsync();
    }

    // The state between the two: what the kills above reach only by luck.
    [Fact]
    public async Task A_start_that_was_killed_between_its_migrations_and_its_users_is_made_good_by_the_next()
    {
        await using (ServerProcess first = await Launch().StartedAsync())
        {
            await first.Process.KillAsync();
        }

        using (var database = new SqliteFile(_folder.Database))
        {
            database.Execute("DELETE FROM users; PRAGMA user_version = 1");
        }

        await AssertStartsWithItsUsersAsync();
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_after_the_next_start()
    {
        List<User> acknowledged = [];
        await using (ServerProcess killed = await ServerProcess.StartAsync(_folder.Database))
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] writers = [.. Enumerable.Range(0, 8).Select(_ => WriteUntilKilledAsync(killed.Client, acknowledged, enough))];
            await enough.Task.WaitAsync(ChildProcess.Patience, Token);
            await killed.Process.KillAsync();
            await Task.WhenAll(writers);
        }

        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        Dictionary<string, User> found = (await server.Client.ListAsync()).ToDictionary(user => user.Id);

        Assert.True(acknowledged.Count >= 200);
        Assert.All(acknowledged, user => Assert.Equal(user, found[user.Id]));
        using var database = new SqliteFile(_folder.Database);
        Assert.Equal("ok", database.Read("PRAGMA integrity_check"));
    }

    private static async Task WriteUntilKilledAsync(
        UserService.UserServiceClient client, List<User> acknowledged, TaskCompletionSource enough)
    {
        while (true)
        {
            try
            {
                User user = await client.AddUserAsync("Ada");
                lock (acknowledged)
                {
                    acknowledged.Add(user);
                    if (acknowledged.Count == 200)
                    {
                        enough.SetResult();
                    }
                }
            }
            catch (Grpc.Core.RpcException)
            {
                return;
            }
        }
    }

    private async Task KillStartAtChangeAsync(int change)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(_folder.Path);
        int seen = 0;
        void Count(object sender, FileSystemEventArgs changed)
        {
            if (Interlocked.Increment(ref seen) == change)
            {
                reached.SetResult();
            }
        }

        watcher.Created += Count;
        watcher.Changed += Count;
        watcher.Deleted += Count;
        watcher.EnableRaisingEvents = true;
        await using ServerProcess killed = Launch();
        // A start may make fewer changes than usual; then it is killed at its end.
        await Task.WhenAny(reached.Task, killed.Process.Output.FirstAsync("Grpc listening on"));
        await killed.Process.KillAsync();
    }

    private ServerProcess Launch() =>
        ServerProcess.Launch([$"ConnectionStrings__Users=Data Source={_folder.Database}", "ASPNETCORE_ENVIRONMENT=Development"]);

    private async Task AssertStartsWithItsUsersAsync()
    {
        await using ServerProcess server = await Launch().StartedAsync();

        Assert.Equal(
            Enumerable.Range(1, 5).Select(number => $"01900000-0000-7000-8000-{number:d12}"),
            (await server.Client.ListAsync()).Select(user => user.Id));
        Assert.Equal("Ada", (await server.Client.AddUserAsync("Ada")).Name);
    }
}
