using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Users.Server.Telemetry;

/// <summary>Counts a stream's messages where <see cref="CallTelemetry"/> asked for it.</summary>
internal sealed class CountingInterceptor : Interceptor
{
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallCounts? counts = CountsOf(context);
        counts?.Received(Size(request));
        return continuation(request, Counted(responseStream, counts), context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallCounts? counts = CountsOf(context);
        TResponse response = await continuation(Counted(requestStream, counts), context);
        counts?.Sent(Size(response));
        return response;
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        CallCounts? counts = CountsOf(context);
        return continuation(Counted(requestStream, counts), Counted(responseStream, counts), context);
    }

    private static CallCounts? CountsOf(ServerCallContext context) => context.GetHttpContext().Features.Get<CallCounts>();

    private static int Size<T>(T message) => message is IMessage known ? known.CalculateSize() : 0;

    private static IAsyncStreamReader<T> Counted<T>(IAsyncStreamReader<T> stream, CallCounts? counts) =>
        counts is null ? stream : new CountedReader<T>(stream, counts);

    private static IServerStreamWriter<T> Counted<T>(IServerStreamWriter<T> stream, CallCounts? counts) =>
        counts is null ? stream : new CountedWriter<T>(stream, counts);

    private sealed class CountedReader<T>(IAsyncStreamReader<T> stream, CallCounts counts) : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            bool hasNext = await stream.MoveNext(cancellationToken);
            if (hasNext)
            {
                counts.Received(Size(stream.Current));
            }

            return hasNext;
        }
    }

    private sealed class CountedWriter<T>(IServerStreamWriter<T> stream, CallCounts counts) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => stream.WriteOptions;
            set => stream.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            counts.Sent(Size(message));
            return stream.WriteAsync(message, cancellationToken);
        }
    }
}
