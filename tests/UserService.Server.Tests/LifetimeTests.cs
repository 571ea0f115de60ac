using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>How calls end that do not end by themselves.</summary>
public sealed class LifetimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ListUsers")]
    [InlineData("CreateUsers")]
    [InlineData("ChatUsers")]
    public async Task A_client_that_cancels_in_mid_stream_leaves_nothing_behind(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await ListUsersTests.ImportAsync(server, 20_000);
        using var gone = new CancellationTokenSource();
        await BeginAsync(server, method, server.Client, await server.AddUserAsync(), gone.Token);

        await gone.CancelAsync();

        Assert.Equal(LogLevel.Debug, (await server.Log.WaitForCallAsync(method, "Cancelled")).Level);
        server.ReleaseClient();
        await server.Counts.WaitForNothingAsync();
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }

    [Theory]
    [InlineData("ListUsers")]
    [InlineData("CreateUsers")]
    [InlineData("ChatUsers")]
    public async Task A_connection_that_breaks_in_mid_stream_leaves_nothing_behind(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await ListUsersTests.ImportAsync(server, 20_000);
        User user = await server.AddUserAsync();
        server.ReleaseClient();
        var connection = new BreakableConnection();
        GrpcChannel channel = server.Connect(new GrpcChannelOptions { HttpHandler = connection.Handler, DisposeHttpClient = true });
        await BeginAsync(server, method, new(channel), user, Token);

        connection.Break();

        await server.Counts.WaitForNothingAsync();
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }

    [Theory]
    [InlineData("ListUsers")]
    [InlineData("CreateUsers")]
    [InlineData("ChatUsers")]
    public async Task Shutting_down_ends_open_streams_with_SHUTTING_DOWN(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await ListUsersTests.ImportAsync(server, 20_000);
        Func<Task> read = await BeginAsync(server, method, server.Client, await server.AddUserAsync(), Token);

        Task stopped = server.StopAsync();
        Failure failure = await Failure.OfAsync(read);
        await stopped;

        failure.AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        Assert.NotNull(failure.Detail<Google.Rpc.RetryInfo>().RetryDelay);
    }

    [Fact]
    public async Task Shutting_down_ends_a_stream_that_has_a_deadline_too()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(deadline: DateTime.UtcNow.AddHours(1), cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));

        Task stopped = server.StopAsync();
        Failure failure = await Failure.OfAsync(() => chat.ResponseStream.MoveNext(Token));
        await stopped;

        failure.AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
    }

    [Fact]
    public async Task A_stream_whose_deadline_passes_ends_DEADLINE_EXCEEDED()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(deadline: DateTime.UtcNow.AddSeconds(1), cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = user.Id }, Token);

        Failure failure = await Failure.OfAsync(() => chat.ResponseStream.MoveNext(Token));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.Code);
        await server.Log.WaitForAsync(line => line.Text.Contains("ChatUsers ended ", StringComparison.Ordinal));
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_reaches_no_database()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Failure failure = await Failure.OfAsync(server.Client.CreateUserAsync(
            new() { Name = "Ada", Email = "ada@example.com" }, deadline: DateTime.UtcNow.AddSeconds(-1), cancellationToken: Token));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.Code);
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token);
        Assert.False(await list.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Ten_thousand_concurrent_calls_are_all_answered()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        GrpcChannel channel = server.Connect(new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            DisposeHttpClient = true,
        });
        var client = new UserService.UserServiceClient(channel);
        User user = await server.AddUserAsync();

        User[] answers = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ =>
            client.GetUserAsync(new() { Id = user.Id }, cancellationToken: Token).ResponseAsync));

        Assert.All(answers, answer => Assert.Equal(user, answer));
        channel.Dispose();
        server.ReleaseClient();
        await server.Counts.WaitForNothingAsync();
    }

    /// <summary>Opens a stream, brings it to its middle, and answers how to read it to its end.</summary>
    private static async Task<Func<Task>> BeginAsync(
        RunningServer server, string method, UserService.UserServiceClient client, User user, CancellationToken token)
    {
        switch (method)
        {
            case "ListUsers":
                AsyncServerStreamingCall<User> list = client.ListUsers(new(), cancellationToken: token);
                Assert.True(await list.ResponseStream.MoveNext(Token));
                return async () => await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token);
            case "CreateUsers":
                AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = client.CreateUsers(cancellationToken: token);
                await import.RequestStream.WriteAsync(new() { Name = "Eve", Email = "eve@example.com" }, Token);
                await server.Counts.WaitForAsync(calls: 1);
                return () => import.ResponseAsync;
            default:
                AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = client.ChatUsers(cancellationToken: token);
                await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Message = "hello" }, Token);
                Assert.True(await chat.ResponseStream.MoveNext(Token));
                return () => chat.ResponseStream.MoveNext(Token);
        }
    }
}
