using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Guards;

/// <summary>A token lives until its <c>exp</c> and 30 s more, for clocks that differ; so do the streams that began with it.</summary>
public sealed class TokenExpiryTests
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1) + TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_with_an_expired_token_is_refused()
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, issuer.Settings);
        Metadata token = issuer.Bearer(time.GetUtcNow(), "users.read");

        time.Advance(Life - TimeSpan.FromSeconds(1));
        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", token));

        time.Advance(TimeSpan.FromSeconds(1));
        (await AnyMethod.FailAsync(server.Connect(), "ListUsers", token)).AssertIs(StatusCode.Unauthenticated, "TOKEN_EXPIRED");
    }

    [Fact]
    public async Task A_chat_ends_when_its_token_expires()
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, issuer.Settings);
        string ada = await AddUserAsync(server, issuer, time);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(
            issuer.Bearer(time.GetUtcNow(), "chat", ada), cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));

        time.Advance(Life - TimeSpan.FromSeconds(1));
        await chat.RequestStream.WriteAsync(new() { Message = "still here" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        time.Advance(TimeSpan.FromSeconds(1));

        (await Failure.OfAsync(() => chat.ResponseStream.MoveNext(Token))).AssertIs(StatusCode.Unauthenticated, "TOKEN_EXPIRED");
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }

    [Fact]
    public async Task An_upload_ends_when_its_token_expires()
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, ["--Limits:StreamIdle=01:00:00", .. issuer.Settings]);
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = server.Client.CreateUsers(
            issuer.Bearer(time.GetUtcNow(), "users.write"), cancellationToken: Token);
        await upload.RequestStream.WriteAsync(new() { Name = "Ada", Email = "ada@example.com" }, Token);
        await time.WaitForTimerAsync(Life);

        time.Advance(TimeSpan.FromMinutes(59));
        await upload.RequestStream.WriteAsync(new() { Name = "Eve", Email = "eve@example.com" }, Token);
        await time.WaitForTimerAsync(TimeSpan.FromHours(1));
        time.Advance(Life - TimeSpan.FromMinutes(59));

        (await Failure.OfAsync(() => upload.ResponseAsync)).AssertIs(StatusCode.Unauthenticated, "TOKEN_EXPIRED");
    }

    [Fact]
    public async Task A_token_that_lives_for_years_opens_a_stream()
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, issuer.Settings);
        string token = issuer.Sign(new(TokenIssuer.Claims(time.GetUtcNow(), "users.read"))
        {
            ["exp"] = time.GetUtcNow().AddYears(10).ToUnixTimeSeconds(),
        });

        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(token)));
    }

    private static async Task<string> AddUserAsync(RunningServer server, TokenIssuer issuer, ManualTime time) => (await server.Client.CreateUserAsync(
        new() { Name = "Ada", Email = "ada@example.com" }, issuer.Bearer(time.GetUtcNow(), "users.write"), cancellationToken: Token)).Id;
}
