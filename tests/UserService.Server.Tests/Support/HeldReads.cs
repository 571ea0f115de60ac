using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Users.Server.Tests.Support;

/// <summary>Holds a read of a call with two streams that was cancelled, and says whether the call has ended meanwhile.</summary>
internal sealed class HeldReads : Interceptor
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once a read was cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public bool HasCallEnded { get; private set; }

    public void Release() => _released.SetResult();

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(new Reader<TRequest>(this, requestStream), responseStream, context);
        }
        finally
        {
            HasCallEnded = true;
        }
    }

    private sealed class Reader<T>(HeldReads held, IAsyncStreamReader<T> stream) : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await stream.MoveNext(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                held._cancelled.TrySetResult();
                await held._released.Task;
                throw;
            }
        }
    }
}
