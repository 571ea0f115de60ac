using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Users.Client.Connection;

/// <summary>
/// Lets the reader of a duplex call see that its deadline passed. When that happens at the very moment at which the server's own
/// DEADLINE_EXCEEDED arrives, HttpClient aborts the answer that the reader was woken for, and Grpc.Net.Client makes UNAVAILABLE of
/// it, as of a broken connection. The call itself knows better: its status is the first that was set.
/// </summary>
internal sealed class DeadlineStatus : Interceptor
{
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncDuplexStreamingCall<TRequest, TResponse> call = continuation(context);
        return context.Options.Deadline is null
            ? call
            : new AsyncDuplexStreamingCall<TRequest, TResponse>(
                call.RequestStream, new Reader<TResponse>(call.ResponseStream, call.GetStatus),
                call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> inner, Func<Status> ofCall) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await inner.MoveNext(cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable && ofCall().StatusCode is StatusCode.DeadlineExceeded)
            {
                throw new RpcException(ofCall());
            }
        }
    }
}
