using Grpc.Core;

namespace Users.Server.Calls;

/// <summary>Sends messages with one flush for several of them.</summary>
/// <remarks>A stream in JSON flushes each: it refuses <see cref="WriteOptions"/>.</remarks>
internal readonly struct BufferedStream<T>(IServerStreamWriter<T> stream, ServerCallContext context)
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly bool _buffers = Call.Of(context.GetHttpContext()).IsGrpc;

    /// <param name="message">What is sent.</param>
    /// <param name="flush">Whether it goes out now, with all that waits; the last one has to.</param>
    public Task WriteAsync(T message, bool flush)
    {
        if (_buffers)
        {
            stream.WriteOptions = flush ? null : Buffered;
        }

        return stream.WriteAsync(message);
    }
}
