using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Users.Cli.Connection;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests;

public sealed class ResumptionTests
{
    private static readonly RpcException Broken = Failure(StatusCode.Unavailable, new HttpRequestException(HttpRequestError.ConnectionError));

    [Theory]
    [InlineData(1, "1 2 4 8 10 10 10 10 10 10 10 10 10 10 10")]
    [InlineData(0.5, "0.5 1 2 4 5 5 5 5 5 5 5 5 5 5 5")]
    [InlineData(0.1, "0.25 0.25 0.4 0.8 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData(0, "0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25")]
    public void Each_wait_is_drawn_below_the_double_of_the_last_and_below_the_longest_until_it_gives_up(double drawn, string seconds)
    {
        var resumption = new Resumption(new ManualTime(), new Drawn(drawn));
        List<double> waits = [];
        while (resumption.CanFollow(Broken))
        {
            waits.Add(resumption.NextDelay(Broken).TotalSeconds);
        }

        Assert.Equal(seconds, string.Join(' ', waits.Select(wait => wait.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Progress_begins_anew()
    {
        var resumption = new Resumption(new ManualTime(), new Drawn(1));
        for (int i = 0; i < Resumption.MaxTries; i++)
        {
            resumption.NextDelay(Broken);
        }

        Assert.False(resumption.CanFollow(Broken));
        resumption.Progressed();

        Assert.True(resumption.CanFollow(Broken));
        Assert.Equal(Resumption.FirstDelay, resumption.NextDelay(Broken));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(1, 2)]
    [InlineData(2.5, 2.5)]
    public void What_the_server_asks_for_is_the_least(double asked, double second)
    {
        var resumption = new Resumption(new ManualTime(), new Drawn(1));
        var details = new Google.Rpc.Status
        {
            Code = (int)StatusCode.Unavailable,
            Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(asked)) }) },
        };
        var busy = new RpcException(
            new Grpc.Core.Status(StatusCode.Unavailable, ""), new Metadata { { "grpc-status-details-bin", details.ToByteArray() } });
        resumption.NextDelay(Broken);

        Assert.Equal(TimeSpan.FromSeconds(second), resumption.NextDelay(busy));
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.OutOfRange)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Unavailable, true)]
    public void An_answer_of_the_service_is_no_break_unless_it_says_that_it_is_not_available(StatusCode code, bool isBreak = false) =>
        Assert.Equal(isBreak, Resumption.IsBreak(Failure(code)));

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Cancelled)]
    public void A_connection_that_broke_is_a_break_whatever_the_code(StatusCode code)
    {
        Assert.True(Resumption.IsBreak(Failure(code, new HttpIOException(HttpRequestError.ResponseEnded))));
        Assert.True(Resumption.IsBreak(Failure(code, new HttpRequestException(HttpRequestError.Unknown))));
    }

    [Fact]
    public void A_limit_is_waited_for_if_the_server_says_how_long()
    {
        var delay = new RetryInfo { RetryDelay = new Duration { Seconds = 3 } };

        Assert.True(Resumption.IsBreak(Failure(StatusCode.ResourceExhausted, "RATE_LIMITED", delay)));
        Assert.False(Resumption.IsBreak(Failure(StatusCode.ResourceExhausted, "STORE_FULL")));
        Assert.StartsWith(
            "The server asks to wait; ", Resumption.Announce(Failure(StatusCode.ResourceExhausted, "RATE_LIMITED", delay), "on", TimeSpan.Zero), StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_token_is_followed_by_a_fresh_one_where_there_may_be_one()
    {
        RpcException expired = Failure(StatusCode.Unauthenticated, "TOKEN_EXPIRED");

        Assert.False(With(null).CanFollow(expired));
        Assert.False(With(TokenSource.Of("a", "--token")).CanFollow(expired));
        Assert.True(With(TokenSource.OfFile("a")).CanFollow(expired));
        Assert.True(With(TokenSource.OfCommand("a", TestContext.Current.CancellationToken)).CanFollow(expired));
        Assert.False(With(TokenSource.OfFile("a")).CanFollow(Failure(StatusCode.Unauthenticated, "TOKEN_INVALID")));
        Assert.StartsWith("The token expired; ", Resumption.Announce(expired, "on", TimeSpan.Zero), StringComparison.Ordinal);

        static Resumption With(TokenSource? token) => new(new ManualTime(), new Drawn(1), token);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_said_to_be_out_of_reach()
    {
        using var nobody = new FreePort();
        using var session = new TestSession(nobody.Address);

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            () => EveryCall.MakeAsync(session.Session.Client, "ChatUsers", TestContext.Current.CancellationToken));

        Assert.True(Resumption.IsBreak(failure));
        Assert.StartsWith("The server cannot be reached; ", Resumption.Announce(failure, "on", TimeSpan.Zero), StringComparison.Ordinal);
    }

    [Fact]
    public void What_happened_is_said_with_the_wait()
    {
        TimeSpan delay = TimeSpan.FromSeconds(0.84);

        Assert.Equal("The server is not available; on in 0.8 s...", Resumption.Announce(Failure(StatusCode.Unavailable), "on", delay));
        Assert.Equal("The server cannot be reached; on in 0.8 s...", Resumption.Announce(Broken, "on", delay));
        Assert.Equal(
            "The connection broke; on in 0.8 s...", Resumption.Announce(Failure(StatusCode.Internal, new IOException()), "on", delay));
    }

    private static RpcException Failure(StatusCode code, string reason, params IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Details = { Any.Pack(new ErrorInfo { Domain = "users.v1", Reason = reason }) } };
        status.Details.Add(details.Select(Any.Pack));
        return new(new Grpc.Core.Status(code, ""), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }

    private static RpcException Failure(StatusCode code, Exception? exception = null) => new(new Grpc.Core.Status(code, "text", exception));
}
