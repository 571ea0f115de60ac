using Grpc.Core;
using Users.Data;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.FastPath;

/// <summary>The setting Database:FastPath. What the two paths do is compared in the tests of the data project.</summary>
public sealed class FastPathTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("false")]
    [InlineData("True")]
    public async Task Either_path_serves(string setting)
    {
        await using RunningServer server = await RunningServer.StartAsync($"--Database:FastPath={setting}");
        V1.User ada = await server.AddUserAsync();

        Assert.Equal(ada, await server.Client.GetUserAsync(new GetUserRequest { Id = ada.Id }, cancellationToken: Token));
        using AsyncServerStreamingCall<V1.User> list = server.Client.ListUsers(new ListUsersRequest(), cancellationToken: Token);
        Assert.Equal([ada], await list.ResponseStream.ReadAllAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Anything_else_ends_the_start()
    {
        var error = await Assert.ThrowsAsync<UserStoreException>(() => RunningServer.StartAsync("--Database:FastPath=1"));

        Assert.Equal("Database:FastPath is '1': write true or false.", error.Message);
    }

    // A listener further back than the tail reads the table; either way it hears all.
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_listener_within_and_beyond_the_tail_hears_everything(int messages)
    {
        // EF Core, since it logs its queries.
        await using RunningServer server = await RunningServer.StartAsync("--Limits:RoomTail=4", "--Database:FastPath=false");
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        for (int i = 1; i <= messages; i++)
        {
            await ada.SayAsync($"{i}");
        }

        await ada.HearAsync(messages);
        using Person late = await Person.JoinAsync(server, "Grace", "engine", afterSequence: 0);

        Assert.Equal(Enumerable.Range(1, messages).Select(i => $"{i}"), (await late.HearAsync(messages)).Select(message => message.Message));
        Assert.Equal(messages == 5, server.Log.Lines.Any(IsPageOfMessages));
    }

    private static bool IsPageOfMessages(LogLine line) =>
        line.Text.StartsWith("Executed DbCommand", StringComparison.Ordinal)
        && line.Text.Contains("FROM \"chat_messages\"", StringComparison.Ordinal) && line.Text.Contains("LIMIT", StringComparison.Ordinal);
}
