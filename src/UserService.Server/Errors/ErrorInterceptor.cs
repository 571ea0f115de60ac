using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Connections;
using Users.Data;
using Users.Server.Calls;

namespace Users.Server.Errors;

/// <summary>
/// Turns whatever a call throws into a status of the catalogue. Each handler awaits its continuation inside the try:
/// returning the task instead would let the exception pass by.
/// </summary>
internal sealed class ErrorInterceptor(DrainSignal drain, TimeProvider time) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context) => exception switch
    {
        // Ours, or the library's for a message over the size limit or broken framing.
        RpcException rpc => rpc,
        // Bytes that are no message, inside a stream; in a unary call the library answers before this code.
        InvalidProtocolBufferException => new RpcException(new Status(StatusCode.Internal, "The bytes are no message of this type.")),
        // Likewise a frame that does not decompress, has an unknown compression flag, or a length beyond 2 GB; Kestrel's own
        // IOException, below, means that the caller is gone.
        InvalidDataException or IOException { Source: "Grpc.AspNetCore.Server" } => new RpcException(new Status(StatusCode.Internal, "The frame of a message is broken.")),
        StoreBusyException => Fault(Failures.StoreBusy(), exception, context),
        StoreFullException => Fault(Failures.StoreFull(), exception, context),
        // Once the call is over, a read or write of its stream fails in whatever way it was caught.
        _ when context.CancellationToken.IsCancellationRequested => Ended(context).ToException(),
        // Kestrel fails the read of a broken connection a moment before it raises the call's token.
        IOException or ConnectionAbortedException => Ended(context).ToException(),
        _ => Fault(Failures.Internal(GrpcProtocol.TraceId(context.GetHttpContext())), exception, context),
    };

    private Google.Rpc.Status Ended(ServerCallContext context) =>
        context.Deadline <= time.GetUtcNow().UtcDateTime ? Failures.DeadlineExceeded()
        : drain.Begun.IsCancellationRequested ? Failures.ShuttingDown()
        : context.GetHttpContext().Features.Get<CallEnd>() is { Signal.IsCancellationRequested: true } end ? end.Failure()
        : Failures.Cancelled();

    private static RpcException Fault(Google.Rpc.Status status, Exception exception, ServerCallContext context)
    {
        context.GetHttpContext().Features.Set(new CallFault(exception));
        return status.ToException();
    }
}
