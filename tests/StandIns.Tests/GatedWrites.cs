using Grpc.Core;
using Grpc.Core.Interceptors;

namespace StandIns.Tests;

/// <summary>A client that reads slowly, as a handler meets it: no write completes before a test opens the gate.</summary>
internal sealed class GatedWrites(GatedWrites.Gate gate) : Interceptor
{
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(request, new Writer<TResponse>(responseStream, gate), context);

    internal sealed class Gate
    {
        /// <summary>Completes when a handler waits at the gate.</summary>
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Writer<T>(IServerStreamWriter<T> writer, Gate gate) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => writer.WriteOptions;
            set => writer.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            gate.Reached.TrySetResult();
            await gate.Opened.Task.WaitAsync(cancellationToken);
            await writer.WriteAsync(message, cancellationToken);
        }
    }
}
