using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Users.Server.Tests.Support;

/// <summary>The context of a call that comes from nowhere, for a service's methods themselves.</summary>
internal sealed class DirectCall(CancellationToken token) : ServerCallContext
{
    // Where Grpc.AspNetCore looks for it in a context that is not its own.
    protected override IDictionary<object, object> UserStateCore { get; } = new Dictionary<object, object> { ["__HttpContext"] = new DefaultHttpContext() };

    protected override string MethodCore => "";

    protected override string HostCore => "";

    protected override string PeerCore => "";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}

/// <summary>What a client sends: messages that are there, and then either the end or nothing more until the call is cancelled.</summary>
internal sealed class SentMessages<T>(IReadOnlyList<T> messages, bool isEnd = true) : IAsyncStreamReader<T>
{
    private int _next;

    public T Current => messages[_next - 1];

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_next == messages.Count && !isEnd)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return _next++ < messages.Count;
    }
}

/// <summary>A client that takes everything at once and keeps nothing.</summary>
internal sealed class Drain<T> : IServerStreamWriter<T>
{
    private readonly SemaphoreSlim _arrived = new(0);
    private int _awaited = int.MaxValue;
    private int _count;

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Completes when so many messages have come since it was asked last.</summary>
    public Task Expect(int count)
    {
        _awaited = count;
        return _arrived.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public Task WriteAsync(T message)
    {
        if (++_count == _awaited)
        {
            _count = 0;
            _arrived.Release();
        }

        return Task.CompletedTask;
    }
}
