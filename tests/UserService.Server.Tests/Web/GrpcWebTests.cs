using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Web;

/// <summary>Calls as a browser makes them, over HTTP/1.1: with the same answers, errors and guards as any other.</summary>
public sealed class GrpcWebTests
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Unary_and_streamed_answers_come(GrpcWebMode mode)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Web:Enabled=true");
        using GrpcChannel channel = Connect(server, mode);
        var client = new UserService.UserServiceClient(channel);
        User ada = await client.CreateUserAsync(new() { Name = "Ada", Email = "ada@example.com" }, cancellationToken: Token);
        await server.FillAsync(1_000);

        Assert.Equal(ada, await client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token));
        using AsyncServerStreamingCall<User> list = client.ListUsers(new(), cancellationToken: Token);
        Assert.Equal(1_001, await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token));
        using AsyncServerStreamingCall<ChatMessage> watch = new RoomService.RoomServiceClient(channel).WatchRoom(new(), cancellationToken: Token);
        // Before any message.
        Assert.Equal("0", (await watch.ResponseHeadersAsync).GetValue("room-sequence"));
        await new RoomService.RoomServiceClient(channel).PostMessageAsync(new() { UserId = ada.Id, Message = "Hello" }, cancellationToken: Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal((1, "Hello"), (watch.ResponseStream.Current.Sequence, watch.ResponseStream.Current.Message));
    }

    [Fact]
    public async Task A_failure_has_its_details_and_its_line_in_the_log()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Web:Enabled=true");
        using GrpcChannel channel = Connect(server);
        var client = new UserService.UserServiceClient(channel);

        Failure invalid = await Failure.OfAsync(client.CreateUserAsync(new() { Email = "ada" }, cancellationToken: Token));
        Failure missing = await Failure.OfAsync(client.GetUserAsync(new() { Id = Nobody }, cancellationToken: Token));
        Failure large = await Failure.OfAsync(client.CreateUserAsync(new() { Name = new string('x', 100_000) }, cancellationToken: Token));

        Assert.Equal(["name", "email"], invalid.Violations.Select(violation => violation.Field));
        missing.AssertIs(StatusCode.NotFound, "USER_NOT_FOUND");
        Assert.Equal(StatusCode.ResourceExhausted, large.Code);
        await server.Log.WaitForCallAsync("GetUser", "NotFound");
    }

    [Fact]
    public async Task The_guards_refuse_in_the_browsers_terms()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(["--Web:Enabled=true", "--RateLimits:CallerStreams=1", .. issuer.Settings]);
        using GrpcChannel channel = Connect(server);
        var client = new UserService.UserServiceClient(channel);
        Metadata reader = issuer.Bearer(TimeProvider.System.GetUtcNow(), "users.read chat");

        Assert.Equal("TOKEN_MISSING", (await Failure.OfAsync(client.GetUserAsync(new() { Id = Nobody }, cancellationToken: Token))).Reason);
        Assert.Equal("SCOPE_MISSING", (await Failure.OfAsync(client.DeleteUserAsync(new() { Id = Nobody }, reader, cancellationToken: Token))).Reason);
        Assert.Equal("USER_NOT_FOUND", (await Failure.OfAsync(client.GetUserAsync(new() { Id = Nobody }, reader, cancellationToken: Token))).Reason);
        using AsyncServerStreamingCall<ChatMessage> watch = new RoomService.RoomServiceClient(channel).WatchRoom(new(), reader, cancellationToken: Token);
        await watch.ResponseHeadersAsync;
        using AsyncServerStreamingCall<User> list = client.ListUsers(new(), reader, cancellationToken: Token);
        Assert.Equal("TOO_MANY_STREAMS", (await Failure.OfAsync(() => list.ResponseStream.MoveNext(Token))).Reason);
    }

    [Fact]
    public async Task Where_it_is_not_switched_on_there_is_neither_gRPC_Web_nor_a_page()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcChannel channel = Connect(server);
        using var http = new HttpClient();

        await Assert.ThrowsAsync<RpcException>(
            async () => await new UserService.UserServiceClient(channel).GetUserAsync(new() { Id = Nobody }, cancellationToken: Token));
        using HttpResponseMessage page = await http.GetAsync(new Uri(server.HttpAddress), Token);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    private static GrpcChannel Connect(RunningServer server, GrpcWebMode mode = GrpcWebMode.GrpcWeb) => GrpcChannel.ForAddress(
        server.HttpAddress, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()), HttpVersion = HttpVersion.Version11, DisposeHttpClient = true });
}
