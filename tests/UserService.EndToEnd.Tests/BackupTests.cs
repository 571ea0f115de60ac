using System.Text.RegularExpressions;
using Grpc.Core;
using Users.EndToEnd.Tests.Documents;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>Backup, restore and pruning with the SQL that docs/operations.md shows.</summary>
public sealed partial class BackupTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_backup_under_load_has_every_write_that_was_acknowledged_before_it_began()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        List<User> acknowledged = [];
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] writers = [.. Enumerable.Range(0, 8).Select(_ => WriteAsync(server.Client, acknowledged, enough, over.Token))];
        await enough.Task.WaitAsync(ChildProcess.Patience, Token);
        User[] before;
        lock (acknowledged)
        {
            before = [.. acknowledged];
        }

        Backup();
        await over.CancelAsync();
        await Task.WhenAll(writers);

        await using ServerProcess copy = await ServerProcess.StartAsync(_folder.File("backup.db"));
        IReadOnlyList<User> found = await copy.Client.ListAsync();
        Assert.Empty(before.Except(found));
        Assert.Equal(found, (await server.Client.ListAsync()).Take(found.Count));
        Assert.Equal(found.Count, (await ReadRoomAsync(copy.Client, found[0])).Count, tolerance: writers.Length);
        using var database = new SqliteFile(_folder.File("backup.db"));
        Assert.Equal("ok", database.Read("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_restored_backup_goes_on_where_it_was_and_takes_no_etag_from_after_it()
    {
        User ada, married, afterwards;
        await using (ServerProcess server = await ServerProcess.StartAsync(_folder.Database))
        {
            ada = await server.Client.AddUserAsync("Ada");
            await SayAsync(server.Client, ada, "before");
            Backup();
            married = await UpdateAsync(server.Client, ada.Id, "Ada King", ada.Etag);
            afterwards = await server.Client.AddUserAsync("Ben");
            await SayAsync(server.Client, ada, "lost");
            await server.Process.KillAsync();
        }

        foreach (string file in (string[])["users.db", "users.db-wal", "users.db-shm"])
        {
            File.Move(_folder.File(file), _folder.File($"old-{file}"));
        }

        File.Move(_folder.File("backup.db"), _folder.Database);
        await using ServerProcess restored = await ServerProcess.StartAsync(_folder.Database);

        Assert.Equal([ada], await restored.Client.ListAsync());
        Assert.Equal("ETAG_MISMATCH", await Failure.ReasonAsync(
            StatusCode.Aborted, () => UpdateAsync(restored.Client, ada.Id, "Ada Mixed", married.Etag)));
        await Failure.ReasonAsync(StatusCode.NotFound, () => restored.Client.GetAsync(afterwards.Id));
        Assert.True(string.CompareOrdinal((await restored.Client.AddUserAsync("Cleo")).Id, ada.Id) > 0);
        await SayAsync(restored.Client, ada, "after");
        Assert.Equal(
            [(1, "before"), (2, "after")],
            (await ReadRoomAsync(restored.Client, ada)).Select(message => ((int)message.Sequence, message.Message)));
    }

    [Fact]
    public async Task Pruning_beside_a_running_server_keeps_the_new_and_each_rooms_sequence()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        User ada = await server.Client.AddUserAsync("Ada");
        for (int i = 1; i <= 3; i++)
        {
            await SayAsync(server.Client, ada, $"message {i}", "old room");
            await SayAsync(server.Client, ada, $"message {i}", "mixed room");
        }

        using (var database = new SqliteFile(_folder.Database))
        {
            database.Execute("UPDATE chat_messages SET time = 1 WHERE room = 'old room' OR sequence = 1");
            database.Execute(Document.Read("docs/operations.md").CodeFrom("DELETE FROM chat_messages"));
            Assert.Equal(4L, database.Read("SELECT changes()"));
        }

        await SayAsync(server.Client, ada, "message 4", "old room");
        Assert.Equal([4], (await ReadRoomAsync(server.Client, ada, "old room")).Select(message => message.Sequence));
        Assert.Equal([2, 3], (await ReadRoomAsync(server.Client, ada, "mixed room")).Select(message => message.Sequence));
    }

    private void Backup()
    {
        string command = Document.Read("docs/operations.md").Code.First(line => line.StartsWith("sqlite3", StringComparison.Ordinal));
        string sql = Sql().Match(command).Groups[1].Value;
        using var database = new SqliteFile(_folder.Database);
        database.Execute(sql.Replace("backup.db", _folder.File("backup.db"), StringComparison.Ordinal));
    }

    private static async Task<User> UpdateAsync(UserService.UserServiceClient client, string id, string name, string etag) =>
        await client.UpdateUserAsync(new() { Id = id, Name = name, Etag = etag }, cancellationToken: Token);

    /// <summary>Creates a user and lets it speak, again and again.</summary>
    private static async Task WriteAsync(
        UserService.UserServiceClient client, List<User> acknowledged, TaskCompletionSource enough, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            User user = await client.AddUserAsync("Ada");
            await SayAsync(client, user, "Hello");
            lock (acknowledged)
            {
                acknowledged.Add(user);
                if (acknowledged.Count == 200)
                {
                    enough.SetResult();
                }
            }
        }
    }

    /// <summary>Joins with the message, and leaves once it is heard.</summary>
    private static async Task SayAsync(UserService.UserServiceClient client, User user, string text, string room = "")
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ChatMessage { UserId = user.Id, Message = text, Room = room }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
    }

    private static async Task<List<ChatMessage>> ReadRoomAsync(UserService.UserServiceClient client, User user, string room = "")
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ChatMessage { UserId = user.Id, Room = room, AfterSequence = 0 }, Token);
        await call.RequestStream.CompleteAsync();
        List<ChatMessage> messages = [];
        await foreach (ChatMessage message in call.ResponseStream.ReadAllAsync(Token))
        {
            messages.Add(message);
        }

        return messages;
    }

    [GeneratedRegex("\"(.*)\"")]
    private static partial Regex Sql();
}
