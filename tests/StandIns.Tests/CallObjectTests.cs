using Grpc.Core;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

/// <summary>What each kind of call object passes on to the engine that made it.</summary>
public sealed class CallObjectTests
{
    private static readonly Status Ended = new(StatusCode.Aborted, "over");

    private readonly Metadata _headers = [];
    private readonly Metadata _trailers = [];
    private readonly Writer _writer = new();
    private readonly Reader _reader = new();
    private object? _disposed;

    private static CancellationToken Cancel => EchoTest.Cancel;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_unary_call_passes_everything_on(bool withState)
    {
        Task<string> response = Task.FromResult("answer");
        var call = withState
            ? new AsyncUnaryCall<string>(response, HeadersOf, StatusOf, TrailersOf, DisposeOf, this)
            : new AsyncUnaryCall<string>(response, Task.FromResult(_headers), () => Ended, () => _trailers, () => DisposeOf(this));

        Assert.Equal("answer", await call);
        Assert.Equal("answer", await call.ConfigureAwait(false));
        Assert.Same(response, call.ResponseAsync);
        await CheckAsync(call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_streaming_call_passes_everything_on(bool withState)
    {
        Task<string> response = Task.FromResult("answer");
        var call = withState
            ? new AsyncClientStreamingCall<string, string>(_writer, response, HeadersOf, StatusOf, TrailersOf, DisposeOf, this)
            : new AsyncClientStreamingCall<string, string>(
                _writer, response, Task.FromResult(_headers), () => Ended, () => _trailers, () => DisposeOf(this));

        Assert.Equal("answer", await call);
        Assert.Equal("answer", await call.ConfigureAwait(false));
        Assert.Same(response, call.ResponseAsync);
        Assert.Same(_writer, call.RequestStream);
        await CheckAsync(call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_streaming_call_passes_everything_on(bool withState)
    {
        var call = withState
            ? new AsyncServerStreamingCall<string>(_reader, HeadersOf, StatusOf, TrailersOf, DisposeOf, this)
            : new AsyncServerStreamingCall<string>(
                _reader, Task.FromResult(_headers), () => Ended, () => _trailers, () => DisposeOf(this));

        Assert.Same(_reader, call.ResponseStream);
        await CheckAsync(call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_duplex_call_passes_everything_on(bool withState)
    {
        var call = withState
            ? new AsyncDuplexStreamingCall<string, string>(_writer, _reader, HeadersOf, StatusOf, TrailersOf, DisposeOf, this)
            : new AsyncDuplexStreamingCall<string, string>(
                _writer, _reader, Task.FromResult(_headers), () => Ended, () => _trailers, () => DisposeOf(this));

        Assert.Same(_writer, call.RequestStream);
        Assert.Same(_reader, call.ResponseStream);
        await CheckAsync(call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call);
    }

    [Fact(Timeout = 30_000)]
    public async Task Disposing_a_real_call_cancels_it_on_both_sides()
    {
        TaskCompletionSource entered = new();
        TaskCompletionSource cancelled = new();
        await using EchoTest echo = await EchoTest.StartAsync(async (note, context) =>
        {
            await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
            entered.SetResult();
            await cancelled.Task;
            return note;
        });
        AsyncUnaryCall<Note> call = echo.Client.UnaryAsync(new Note(), cancellationToken: Cancel);
        await entered.Task.WaitAsync(Cancel);

        call.Dispose();

        await cancelled.Task.WaitAsync(Cancel);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task The_status_and_trailers_of_a_real_call_are_known_only_at_its_end()
    {
        TaskCompletionSource release = new();
        await using EchoTest echo = await EchoTest.StartAsync(async (note, _) =>
        {
            await release.Task;
            return note;
        });
        using AsyncUnaryCall<Note> call = echo.Client.UnaryAsync(new Note(), cancellationToken: Cancel);
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());

        release.SetResult();
        await call;

        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
        Assert.Empty(call.GetTrailers());
    }

    private static Task<Metadata> HeadersOf(object state) => Task.FromResult(((CallObjectTests)state)._headers);

    private static Status StatusOf(object state) => state is CallObjectTests ? Ended : default;

    private static Metadata TrailersOf(object state) => ((CallObjectTests)state)._trailers;

    private static void DisposeOf(object state) => ((CallObjectTests)state)._disposed = state;

    private async Task CheckAsync(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, IDisposable call)
    {
        Assert.Same(_headers, await headers);
        Assert.Equal(Ended, status());
        Assert.Same(_trailers, trailers());
        Assert.Null(_disposed);
        call.Dispose();
        Assert.Same(this, _disposed);
    }

    private sealed class Writer : IClientStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class Reader : IAsyncStreamReader<string>
    {
        public string Current => "";

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
