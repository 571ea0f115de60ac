using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
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
        await server.FillAsync(2_000);
        using var gone = new CancellationTokenSource();
        await OpenStream.BeginAsync(server, method, server.Client, await server.AddUserAsync(), gone.Token);

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
        await server.FillAsync(2_000);
        User user = await server.AddUserAsync();
        server.ReleaseClient();
        var connection = new BreakableConnection();
        GrpcChannel channel = server.Connect(new GrpcChannelOptions { HttpHandler = connection.Handler, DisposeHttpClient = true });
        await OpenStream.BeginAsync(server, method, new(channel), user, Token);

        connection.Break();

        await server.Counts.WaitForNothingAsync();
        Assert.Equal(0, server.Store.Chat.RoomCount);
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
        await server.Counts.WaitForAsync(calls: 0);
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }

    // HttpClient drops trailers that it has not read yet when another code follows them.
    [Theory]
    [InlineData("ChatUsers")]
    [InlineData("CreateUsers")]
    public async Task A_deadline_that_passes_while_the_client_still_sends_resets_the_stream_as_one_whose_answer_is_whole(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();
        IMessage first = method == "ChatUsers" ? new ChatMessage { UserId = user.Id } : new CreateUserRequest { Name = "Ada", Email = "ada@example.com" };
        using var connection = new BareConnection(server.Address);

        (int code, bool isWhole) = connection.SendUntilReset(BareConnection.OpenCall(method, first, timeout: "200m"));

        const int NoError = 0;
        Assert.Equal((NoError, true), (code, isWhole));
        await server.Log.WaitForCallAsync(method, "DeadlineExceeded");
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
    public async Task A_create_that_is_cancelled_while_it_waits_for_the_writer_is_not_written()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:StoreBusy=00:01:00");
        User user = await server.AddUserAsync();
        using var held = new HeldDatabase(server);
        using AsyncUnaryCall<User> first = server.Client.UpdateUserAsync(new() { Id = user.Id, Name = "First" }, cancellationToken: Token);
        await held.WaitForWriterAsync();
        using var gone = new CancellationTokenSource();
        using var spans = new StoreSpans();
        using AsyncUnaryCall<User> create = server.Client.CreateUserAsync(
            new() { Name = "Eve", Email = "eve@example.com" }, spans.Metadata, cancellationToken: gone.Token);
        await spans.WaitForBeginAsync("CreateAsync");
        // The server alone keeps this deadline, from the moment that the call has reached it.
        using var http = new HttpClient();
        Task<(StatusCode Code, Google.Rpc.Status? Details)> late = RawCall.PostAsync(
            http, server, "users.v1.UserService/CreateUser", RawCall.Frame(new CreateUserRequest { Name = "Eve", Email = "eve@example.com" }.ToByteArray()),
            ("grpc-timeout", "100m"));

        await gone.CancelAsync();

        // Both have ended before the writer could begin them.
        Assert.Equal(LogLevel.Debug, (await server.Log.WaitForCallAsync("CreateUser", "Cancelled")).Level);
        Assert.Equal(StatusCode.DeadlineExceeded, (await late).Code);
        await server.Log.WaitForCallAsync("CreateUser", "DeadlineExceeded");
        held.Dispose();
        Assert.Equal("First", (await first).Name);
        // The address is still free, and what the writer was given after them is done.
        Assert.Equal("Eve", (await server.Client.CreateUserAsync(new() { Name = "Eve", Email = "eve@example.com" }, cancellationToken: Token)).Name);
    }

    [Fact]
    public async Task A_chat_that_is_refused_ends_after_the_read_that_it_has_begun()
    {
        var reads = new HeldReads();
        await using RunningServer server = await RunningServer.StartAsync(
            time: null, services => services.AddSingleton(reads).Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<HeldReads>()));
        var message = new ChatMessage { UserId = (await server.AddUserAsync()).Id, Message = "one", RequestId = Guid.NewGuid().ToString() };
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(message, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));

        // Refused by the log, while the stream is read for a message that does not come.
        await chat.RequestStream.WriteAsync(new(message) { Message = "another" }, Token);

        await reads.Cancelled.WaitAsync(TimeSpan.FromSeconds(30), Token);
        // Longer than the call would need to end.
        await server.AddUserAsync();
        Assert.False(reads.HasCallEnded);
        reads.Release();
        Failure failure = await Failure.OfAsync(() => chat.ResponseStream.MoveNext(Token));
        failure.AssertIs(StatusCode.InvalidArgument, "REQUEST_ID_REUSED");
    }

    [Fact]
    public async Task A_list_that_is_cancelled_reads_no_more_pages()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.FillAsync(10_000);
        using var spans = new StoreSpans();
        using (AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), spans.Metadata, cancellationToken: Token))
        {
            Assert.True(await list.ResponseStream.MoveNext(Token));
        }

        await server.Log.WaitForCallAsync("ListUsers", "Cancelled");

        // All of its pages would be 22.
        Assert.InRange(spans.Ended.Count(operation => operation == "ReadPageAsync"), 1, 15);
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_in_mid_stream_leaves_whole_batches()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var spans = new StoreSpans();
        using (AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(spans.Metadata, cancellationToken: Token))
        {
            for (int i = 0; i < 2_500; i++)
            {
                await import.RequestStream.WriteAsync(new() { Name = "Ada", Email = $"ada{i}@example.com" }, Token);
            }

            // The first batch is stored; the second one may be on its way.
            await spans.WaitForAsync("CreateManyAsync");
        }

        await server.Log.WaitForCallAsync("CreateUsers", "Cancelled");

        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token);
        Assert.Contains(await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token), new[] { 1_000, 2_000 });
    }

    [Fact]
    public async Task Ten_thousand_concurrent_calls_are_all_answered()
    {
        // What each call logs at Debug costs more than the call.
        await using RunningServer server = await RunningServer.StartAsync("--Capture=Information");
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
}
