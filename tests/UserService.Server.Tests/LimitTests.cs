using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;
using User = Users.V1.User;

namespace Users.Server.Tests;

/// <summary>Each limit, reached and passed by one. Message size: WireTests; times: LifetimeTests and those of each call.</summary>
public sealed class LimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connection_past_the_limit_is_closed_and_finds_room_when_another_goes()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxConnections=2");
        User user = await server.AddUserAsync();
        GrpcChannel second = server.Connect();
        await GetAsync(second, user);

        Failure failure = await Failure.OfAsync(() => GetAsync(server.Connect(), user));

        // What a library makes of a connection that closes before it says anything.
        Assert.Contains(failure.Code, new[] { StatusCode.Unavailable, StatusCode.Internal });
        Assert.Null(failure.Reason);
        Assert.Equal(LogLevel.Warning, (await server.Log.WaitForAsync(line =>
            line.Text.Contains("rejected because the maximum number of concurrent connections", StringComparison.Ordinal))).Level);
        // Counted for each endpoint: probes still get through.
        using var http = new HttpClient();
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.HttpAddress + "/health/live"), Token));
        await server.Counts.WaitForConnectionsAsync(3);
        second.Dispose();
        await server.Counts.WaitForConnectionsAsync(2);
        await GetAsync(server.Connect(), user);
    }

    [Fact]
    public async Task The_stream_past_the_limit_of_its_connection_waits_and_goes_on_when_another_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxStreamsPerConnection=2");
        User user = await server.AddUserAsync();
        GrpcChannel single = server.Connect(new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
            DisposeHttpClient = true,
        });
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> first = await ChatAsync(single, user);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> second = await ChatAsync(single, user);

        Task<User> third = GetAsync(single, user);

        await GetAsync(server.Connect(), user);
        await server.Log.WaitForAsync(line => line.Text.EndsWith("reached the maximum number of concurrent HTTP/2 streams allowed.", StringComparison.Ordinal));
        Assert.False(third.IsCompleted);
        await first.RequestStream.CompleteAsync();
        await first.ResponseStream.ReadAllAsync(Token).CountAsync(Token);
        await third;
    }

    [Theory]
    [InlineData(7, "INVALID_FIELDS")]
    [InlineData(6, null)]
    public async Task A_rooms_name_has_so_many_code_points_at_most(int length, string? reason)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxRoomLength=6");
        User user = await server.AddUserAsync();

        Assert.Equal(reason, await ReasonAsync(server, new ChatMessage { UserId = user.Id, Room = Emoji(length), Message = "hello" }));
    }

    [Theory]
    [InlineData(7, "INVALID_FIELDS")]
    [InlineData(6, null)]
    public async Task A_text_has_so_many_code_points_at_most(int length, string? reason)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:MaxTextLength=6");
        User user = await server.AddUserAsync();

        Assert.Equal(reason, await ReasonAsync(server, new ChatMessage { UserId = user.Id, Message = Emoji(length) }));
        Assert.Equal(reason, await ReasonAsync(server, new ChatMessage { UserId = user.Id }, new ChatMessage { Message = Emoji(length) }));
    }

    [Theory]
    [InlineData("--Limits:MaxRoomLength=100", 20, 20)]
    [InlineData("--Limits:MaxRoomLength=100", 21, 20)]
    [InlineData("--Limits:MaxListedFailures=3", 3, 3)]
    [InlineData("--Limits:MaxListedFailures=3", 4, 3)]
    [InlineData("--Limits:MaxListedFailures=0", 1, 0)]
    public async Task So_many_failures_of_a_create_stream_are_listed_at_most(string setting, int failures, int listed)
    {
        await using RunningServer server = await RunningServer.StartAsync(setting);
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(cancellationToken: Token);
        for (int i = 0; i < failures; i++)
        {
            await import.RequestStream.WriteAsync(new() { Name = Emoji(1_000), Email = Emoji(1_000), RequestId = Emoji(1_000) }, Token);
        }

        await import.RequestStream.CompleteAsync();
        CreateUsersResponse response = await import;

        Assert.Equal((failures, listed), (response.FailedCount, response.Failures.Count));
        Assert.All(response.Failures.Values, status => Assert.True(status.CalculateSize() < 4096));
    }

    [Fact]
    public async Task The_write_past_the_queues_length_is_STORE_BUSY_at_once_and_those_in_it_are_done()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:WriteQueueLength=3", "--Limits:StoreBusy=00:01:00");
        server.Log.Expected = line => line.Text.StartsWith("/users.v1.UserService/UpdateUser ended Unavailable ", StringComparison.Ordinal);
        User[] users = [.. await Task.WhenAll(server.AddUserAsync(), server.AddUserAsync()), .. await Task.WhenAll(server.AddUserAsync(), server.AddUserAsync()), await server.AddUserAsync()];
        using var held = new HeldDatabase(server);
        // One with the writer, three in its queue, and one too many: the one that comes last.
        Task<User> first = RenameAsync(users[0]);
        await held.WaitForWriterAsync();
        List<Task<User>> waiting = [.. users[1..].Select(RenameAsync)];

        Task<User> refused = await Task.WhenAny(waiting);

        (await Failure.OfAsync(() => refused)).AssertIs(StatusCode.Unavailable, "STORE_BUSY");
        waiting.Remove(refused);
        Assert.All(waiting, rename => Assert.False(rename.IsCompleted));
        held.Dispose();
        Assert.All(await Task.WhenAll([first, .. waiting]), user => Assert.Equal("New", user.Name));

        Task<User> RenameAsync(User user) =>
            server.Client.UpdateUserAsync(new() { Id = user.Id, Name = "New" }, cancellationToken: Token).ResponseAsync;
    }

    private static string Emoji(int count) => string.Concat(Enumerable.Repeat("😀", count));

    private static Task<User> GetAsync(GrpcChannel channel, User user) =>
        new UserService.UserServiceClient(channel).GetUserAsync(new() { Id = user.Id }, cancellationToken: Token).ResponseAsync;

    private static async Task<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>> ChatAsync(GrpcChannel channel, User user)
    {
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = new UserService.UserServiceClient(channel).ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        return chat;
    }

    /// <summary>Why the server refuses one of these messages; null when it does not.</summary>
    private static async Task<string?> ReasonAsync(RunningServer server, params ChatMessage[] messages)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        foreach (ChatMessage message in messages)
        {
            await chat.RequestStream.WriteAsync(message, Token);
        }

        try
        {
            Assert.True(await chat.ResponseStream.MoveNext(Token));
            Assert.Equal(messages[^1].Message, chat.ResponseStream.Current.Message);
            return null;
        }
        catch (RpcException refusal)
        {
            return ErrorReason.Of(refusal.GetRpcStatus()!);
        }
    }
}
