using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Users.Server.Tests.Support;

/// <summary>How often a server flushes its answers, each time a write to the connection: counted around every call's body.</summary>
internal sealed class Flushes : IStartupFilter
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>How many flushes the calls of a method have made so far.</summary>
    public int Of(string method) => _counts.GetValueOrDefault($"/users.v1.UserService/{method}");

    public void Watch(IServiceCollection services) => services.AddSingleton<IStartupFilter>(this);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            string path = context.Request.Path;
            context.Features.Set<IHttpResponseBodyFeature>(
                new Body(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), () => _counts.AddOrUpdate(path, 1, (_, count) => count + 1)));
            return following(context);
        });
        next(app);
    };

    private sealed class Body(IHttpResponseBodyFeature inner, Action flushed) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer { get; } = new Counted(inner.Writer, flushed);

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }

    private sealed class Counted(PipeWriter inner, Action flushed) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            flushed();
            return inner.FlushAsync(cancellationToken);
        }
    }
}
