using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Options;
using Users.Server.Guards;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Guards;

/// <summary>Too many calls, too many streams.</summary>
public sealed class RateLimitTests
{
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--RateLimits:CallerCallsPerSecond=2")]
    [InlineData("--RateLimits:TotalCallsPerSecond=2")]
    public async Task Calls_beyond_the_limit_are_told_when_to_come_again_and_are_served_then(string setting)
    {
        await using RunningServer server = await RunningServer.StartAsync(setting);

        Failure failure = await ExceedAsync(server, null);

        failure.AssertIs(StatusCode.ResourceExhausted, "RATE_LIMITED");
        Assert.Contains("calls per second", Assert.Single(failure.Detail<QuotaFailure>().Violations).Description, StringComparison.Ordinal);
        TimeSpan delay = failure.Detail<RetryInfo>().RetryDelay.ToTimeSpan();
        Assert.InRange(delay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        Assert.NotNull(failure.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.Equal(StatusCode.OK, await AnyMethod.CallAsync(server.Connect(), "grpc.health.v1.Health/Check"));
        while (await AnyMethod.CallAsync(server.Connect(), "GetUser") == StatusCode.ResourceExhausted)
        {
            // A refused call takes nothing of the limit, so asking again does no harm.
        }
    }

    [Fact]
    public async Task One_callers_excess_is_not_anothers()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync(["--RateLimits:CallerCallsPerSecond=2", .. issuer.Settings]);

        Failure failure = await ExceedAsync(server, issuer.Bearer(DateTimeOffset.UtcNow, "users.read", "greedy"));

        // A program compares it, so it stands there without quotes.
        Assert.Equal("greedy", Assert.Single(failure.Detail<QuotaFailure>().Violations).Subject);

        Assert.Equal(
            StatusCode.InvalidArgument,
            await AnyMethod.CallAsync(server.Connect(), "GetUser", issuer.Bearer(DateTimeOffset.UtcNow, "users.read", "modest")));
    }

    [Theory]
    [InlineData("--RateLimits:AddressWatches=2")]
    [InlineData("--RateLimits:TotalWatches=2")]
    public async Task Watches_of_the_health_have_limits_of_their_own_and_checks_have_none(string setting)
    {
        await using RunningServer server = await RunningServer.StartAsync(setting, "--RateLimits:TotalStreams=1");
        var health = new Health.HealthClient(server.Connect());
        using AsyncServerStreamingCall<HealthCheckResponse> first = health.Watch(new(), cancellationToken: Token);
        using AsyncServerStreamingCall<HealthCheckResponse> second = health.Watch(new(), cancellationToken: Token);
        Assert.True(await first.ResponseStream.MoveNext(Token));
        Assert.True(await second.ResponseStream.MoveNext(Token));

        Failure failure = await AnyMethod.FailAsync(server.Connect(), "grpc.health.v1.Health/Watch");

        failure.AssertIs(StatusCode.ResourceExhausted, "TOO_MANY_STREAMS");
        Assert.Contains("watches of the health", Assert.Single(failure.Detail<QuotaFailure>().Violations).Description, StringComparison.Ordinal);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new(), cancellationToken: Token)).Status);
        // Another kind of stream has its own place.
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = await JoinAsync(server, await server.AddUserAsync());
    }

    [Theory]
    [InlineData("Check")]
    [InlineData("Watch")]
    public async Task The_health_of_a_service_with_a_long_name_is_not_looked_for(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(
            StatusCode.ResourceExhausted,
            (await Assert.ThrowsAsync<RpcException>(() => AnyMethod.SendAsync(
                server.Connect(), $"grpc.health.v1.Health/{method}", new HealthCheckRequest { Service = new string('x', 254) }.ToByteArray()))).StatusCode);
        Assert.Equal(
            StatusCode.NotFound,
            (await Assert.ThrowsAsync<RpcException>(() => AnyMethod.SendAsync(
                server.Connect(), "grpc.health.v1.Health/Check", new HealthCheckRequest { Service = new string('x', 253) }.ToByteArray()))).StatusCode);
    }

    [Fact]
    public async Task In_production_a_caller_has_a_thousand_streams_and_in_development_any_number()
    {
        await using RunningServer production = await RunningServer.StartAsync();
        await using RunningServer development = await RunningServer.StartAsync("--environment=Development");

        Assert.Equal((1_000, 100, 1_000), Limits(production));
        Assert.Equal((0, 100, 1_000), Limits(development));

        static (int, int, int) Limits(RunningServer server) =>
            server.Get<IOptions<RateLimits>>().Value is { } limits
                ? (limits.CallerStreams, limits.AddressWatches, limits.TotalWatches)
                : default;
    }

    [Theory]
    [InlineData("--RateLimits:CallerStreams=2")]
    [InlineData("--RateLimits:TotalStreams=2")]
    public async Task One_stream_beyond_the_limit_is_refused_until_another_ends(string setting)
    {
        await using RunningServer server = await RunningServer.StartAsync(setting);
        User ada = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> first = await JoinAsync(server, ada);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> second = await JoinAsync(server, ada);

        Failure failure = await AnyMethod.FailAsync(server.Connect(), "ListUsers");

        failure.AssertIs(StatusCode.ResourceExhausted, "TOO_MANY_STREAMS");
        Assert.Contains("open streams", Assert.Single(failure.Detail<QuotaFailure>().Violations).Description, StringComparison.Ordinal);
        Assert.NotNull(failure.Detail<RetryInfo>().RetryDelay);
        Assert.Equal(ada, await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token));

        await first.RequestStream.CompleteAsync();
        while (await first.ResponseStream.MoveNext(Token))
        {
        }

        await server.Log.WaitForCallAsync("ChatUsers", "OK");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> third = await JoinAsync(server, ada);
    }

    [Theory]
    [InlineData("CallerStreams=-1", "must be 0 to 1000000.")]
    [InlineData("CallerStreams=many", "cannot be 'many': write it like 1000.")]
    [InlineData("Streams=1", "is not a setting: take it out, or correct its name.")]
    public async Task A_bad_limit_keeps_the_server_from_starting(string setting, string sentence)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => RunningServer.StartAsync($"--RateLimits:{setting}"));

        Assert.Equal($"RateLimits:{setting.Split('=')[0]} {sentence}", failure.Message);
    }

    // The bucket refills while the test runs, so it is emptied by more calls than any machine makes in its seconds.
    private static async Task<Failure> ExceedAsync(RunningServer server, Metadata? token)
    {
        Failure failure;
        do
        {
            failure = await Failure.OfAsync(server.Client.GetUserAsync(new() { Id = Nobody }, token, cancellationToken: Token));
        }
        while (failure.Code == StatusCode.NotFound);

        return failure;
    }

    private static async Task<AsyncDuplexStreamingCall<ChatMessage, ChatMessage>> JoinAsync(RunningServer server, User user)
    {
        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        return chat;
    }
}
