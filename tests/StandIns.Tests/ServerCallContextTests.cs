using Grpc.Core;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class ServerCallContextTests
{
    private static CancellationToken Cancel => EchoTest.Cancel;

    [Fact]
    public async Task A_handler_sees_the_call_it_serves()
    {
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5);
        (string Method, string Host, string Peer, DateTime Deadline, bool CanBeCancelled) seen = default;
        await using EchoTest echo = await EchoTest.StartAsync((note, context) =>
        {
            seen = (context.Method, context.Host, context.Peer, context.Deadline, context.CancellationToken.CanBeCanceled);
            return Task.FromResult(note);
        });

        await echo.Client.UnaryAsync(new Note(), deadline: deadline, cancellationToken: Cancel);

        Assert.Equal("/echo.v1.EchoService/Unary", seen.Method);
        Assert.Equal(echo.Channel.Target, seen.Host);
        Assert.StartsWith("ipv4:127.0.0.1:", seen.Peer);
        Assert.InRange(seen.Deadline, deadline.AddMinutes(-1), deadline.AddMinutes(1));
        Assert.True(seen.CanBeCancelled);
    }

    [Fact]
    public async Task A_handler_may_set_the_status_without_an_exception()
    {
        await using EchoTest echo = await EchoTest.StartAsync((note, context) =>
        {
            context.Status = new Status(StatusCode.DataLoss, "lost");
            return Task.FromResult(note);
        });

        RpcException error = await Assert.ThrowsAsync<RpcException>(() =>
            echo.Client.UnaryAsync(new Note(), cancellationToken: Cancel).ResponseAsync);

        Assert.Equal((StatusCode.DataLoss, "lost"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public void A_context_without_a_state_of_its_own_is_given_one_and_keeps_it()
    {
        BareContext context = new();

        context.UserState["key"] = "value";

        Assert.Equal("value", context.UserState["key"]);
        Assert.Empty(new BareContext().UserState);
    }

    [Fact]
    public async Task What_an_implementation_answers_is_what_a_handler_reads()
    {
        BareContext context = new() { Status = Status.DefaultCancelled, WriteOptions = WriteOptions.Default };
        Metadata headers = [];

        await context.WriteResponseHeadersAsync(headers);

        Assert.Same(headers, context.Written);
        Assert.Equal(("method", "host", "peer"), (context.Method, context.Host, context.Peer));
        Assert.Equal(DateTime.UnixEpoch, context.Deadline);
        Assert.Equal(Status.DefaultCancelled, context.Status);
        Assert.Same(WriteOptions.Default, context.WriteOptions);
        Assert.Same(Metadata.Empty, context.RequestHeaders);
        Assert.Same(Metadata.Empty, context.ResponseTrailers);
        Assert.False(context.AuthContext.IsPeerAuthenticated);
        Assert.Throws<NotSupportedException>(() => context.CreatePropagationToken());
    }

    private sealed class BareContext : ServerCallContext
    {
        public Metadata? Written { get; private set; }

        protected override string MethodCore => "method";

        protected override string HostCore => "host";

        protected override string PeerCore => "peer";

        protected override DateTime DeadlineCore => DateTime.UnixEpoch;

        protected override Metadata RequestHeadersCore => Metadata.Empty;

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore => Metadata.Empty;

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore => new(null, []);

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
        {
            Written = responseHeaders;
            return Task.CompletedTask;
        }

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
            throw new NotSupportedException("Nothing to propagate.");
    }
}
