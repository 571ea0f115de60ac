using System.Text.Json;
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

    // RFC 7519 allows fractions; the largest of these is beyond the year 9999. Whatever is made of them, it is no bug.
    [Theory]
    [InlineData("1767330245.5", StatusCode.OK)]
    [InlineData("253402300800", StatusCode.Unauthenticated)]
    [InlineData("9223372036854775807", StatusCode.Unauthenticated)]
    [InlineData("-1", StatusCode.Unauthenticated)]
    [InlineData("\"soon\"", StatusCode.Unauthenticated)]
    public async Task A_stream_is_answered_whatever_the_form_of_the_expiry(string expiry, StatusCode status)
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, issuer.Settings);
        string token = issuer.Sign(new(TokenIssuer.Claims(time.GetUtcNow(), "users.read")) { ["exp"] = JsonDocument.Parse(expiry).RootElement });

        Assert.Equal(status, await AnyMethod.CallAsync(server.Connect(), "ListUsers", TokenIssuer.Metadata(token)));
    }

    [Fact]
    public async Task A_stream_whose_reader_is_stalled_is_reset_a_grace_after_its_token_expired_and_its_connection_goes_on()
    {
        var time = new ManualTime();
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(time, ["--Limits:StreamGrace=00:00:03", .. issuer.Settings]);
        using StalledList stalled = await StalledList.OpenAsync(server, issuer.Bearer(time.GetUtcNow(), "users.read"));

        time.Advance(Life);
        Assert.DoesNotContain(server.Log.Lines, IsEndOfList);
        time.Advance(TimeSpan.FromSeconds(3));

        // The server is rid of it before its reader reads again.
        await server.Log.WaitForAsync(IsEndOfList);
        Assert.Equal(StatusCode.Unavailable, (await stalled.FailAsync()).Code);
        Assert.Equal(
            StatusCode.NotFound, (await Failure.OfAsync(stalled.Client.GetUserAsync(
                new() { Id = "00000000-0000-4000-8000-000000000000" }, issuer.Bearer(time.GetUtcNow(), "users.read"), cancellationToken: Token))).Code);
    }

    private static bool IsEndOfList(LogLine line) => line.Text.Contains("ListUsers ended Unauthenticated ", StringComparison.Ordinal);

    private static async Task<string> AddUserAsync(RunningServer server, TokenIssuer issuer, ManualTime time) => (await server.Client.CreateUserAsync(
        new() { Name = "Ada", Email = "ada@example.com" }, issuer.Bearer(time.GetUtcNow(), "users.write"), cancellationToken: Token)).Id;
}
