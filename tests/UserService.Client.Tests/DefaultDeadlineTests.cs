using Grpc.Core;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Client.Tests;

public sealed class DefaultDeadlineTests
{
    private const string TimeoutHeader = "grpc-timeout";

    [Theory]
    [InlineData("GetUser", true)]
    [InlineData("CreateUser", true)]
    [InlineData("UpdateUser", true)]
    [InlineData("DeleteUser", true)]
    [InlineData("ListUsers", false)]
    [InlineData("CreateUsers", false)]
    [InlineData("ChatUsers", false)]
    public async Task Unary_calls_have_a_deadline_and_streams_have_none(string method, bool hasDeadline)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.Internal));
        using GrpcChannel channel = UsersChannel.Open(server.Address);

        await Assert.ThrowsAsync<RpcException>(() => EveryCall.MakeAsync(
            channel.CreateClient(TimeSpan.FromSeconds(30)), method, TestContext.Current.CancellationToken));

        Assert.Equal(hasDeadline, server.Calls.Single().Headers.ContainsKey(TimeoutHeader));
    }

    [Fact]
    public async Task A_blocking_call_has_a_deadline_too()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));
        using GrpcChannel channel = UsersChannel.Open(server.Address);

        _ = channel.CreateClient(TimeSpan.FromSeconds(30)).GetUser(
            new GetUserRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(server.Calls.Single().Headers.ContainsKey(TimeoutHeader));
    }

    [Fact]
    public async Task An_explicit_deadline_wins()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));
        using GrpcChannel channel = UsersChannel.Open(server.Address);
        DateTime inAnHour = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);

        await channel.CreateClient(TimeSpan.FromSeconds(30)).GetUserAsync(
            new GetUserRequest(), deadline: inAnHour, cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(TimeoutOf(server.Calls.Single()), TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
    }

    [Fact]
    public async Task The_deadline_sent_is_the_one_asked_for()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));
        using GrpcChannel channel = UsersChannel.Open(server.Address);

        await channel.CreateClient(TimeSpan.FromMinutes(5)).GetUserAsync(
            new GetUserRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(TimeoutOf(server.Calls.Single()), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_left_when_the_deadline_passes()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Never);
        using GrpcChannel channel = UsersChannel.Open(server.Address);

        var failure = await Assert.ThrowsAsync<RpcException>(() => EveryCall.MakeAsync(
            channel.CreateClient(TimeSpan.FromSeconds(0.2)), "GetUser", TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    // The header is a number and a unit: H, M, S, m (milliseconds), u or n.
    private static TimeSpan TimeoutOf(ReceivedCall call)
    {
        string header = call.Headers[TimeoutHeader];
        long amount = long.Parse(header[..^1], System.Globalization.CultureInfo.InvariantCulture);
        return header[^1] switch
        {
            'H' => TimeSpan.FromHours(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'S' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMilliseconds(amount),
            'u' => TimeSpan.FromMicroseconds(amount),
            _ => TimeSpan.FromTicks(amount / TimeSpan.NanosecondsPerTick),
        };
    }
}
