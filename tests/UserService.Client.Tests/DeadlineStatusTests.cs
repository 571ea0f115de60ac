using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.V1;

namespace Users.Client.Tests;

/// <summary>The order that a real connection takes once in thousands of calls, forced: the deadline, then a read that is aborted.</summary>
public sealed class DeadlineStatusTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_read_that_the_deadline_aborts_ends_with_the_deadline()
    {
        RpcException failure = await ReadAsync(new AbortedByDeadline(), TimeSpan.FromSeconds(0.1));

        Assert.Equal((StatusCode.DeadlineExceeded, ""), (failure.StatusCode, failure.Status.Detail));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(3600d)]
    [InlineData(null)]
    public async Task A_connection_that_breaks_before_the_deadline_is_still_unavailable(double? seconds)
    {
        RpcException failure = await ReadAsync(new Broken(), seconds is { } some ? TimeSpan.FromSeconds(some) : null);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    private static async Task<RpcException> ReadAsync(Stream answer, TimeSpan? deadline)
    {
        using var handler = new Answering(answer);
        using GrpcChannel channel = GrpcChannel.ForAddress("http://unused.invalid", new GrpcChannelOptions { HttpHandler = handler });
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = channel.CreateClient(TimeSpan.FromSeconds(30)).ChatUsers(
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime + deadline,
            cancellationToken: TestContext.Current.CancellationToken);

        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    private sealed class Answering(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage { Version = HttpVersion.Version20, Content = new StreamContent(body) };
            answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            return Task.FromResult(answer);
        }
    }

    private class Broken : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await BreakAsync(cancellationToken);
            throw new IOException("The request was aborted.");
        }

        protected virtual Task BreakAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class AbortedByDeadline : Broken
    {
        protected override Task BreakAsync(CancellationToken cancellationToken)
        {
            var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            cancellationToken.Register(passed.SetResult);
            return passed.Task;
        }
    }
}
