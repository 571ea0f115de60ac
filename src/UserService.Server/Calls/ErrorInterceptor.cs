using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Connections;
using Users.Data;
using Users.Server.Errors;

namespace Users.Server.Calls;

/// <summary>
/// Turns each exception of a call into a status of the catalogue: the caller's where its source is known to be the caller's doing,
/// otherwise a bug, which is logged. Each handler awaits its continuation inside the try:
/// returning the task instead would let the exception pass by.
/// </summary>
internal sealed class ErrorInterceptor(DrainSignal drain, TimeProvider time) : Interceptor
{
    // Where the library reads a message of a call.
    private const string Reading = "Grpc.AspNetCore.Server.Internal.PipeExtensions";

    private const string RefusedRead = "Can't read messages after the request is complete.";
    private const string RefusedWrite = "Can't write the message because the request is complete.";

    private static readonly string? Own = typeof(ErrorInterceptor).Assembly.GetName().Name;

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
            throw Translate(exception, context, streams: true);
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
            throw Translate(exception, context, streams: true);
        }
    }

    /// <param name="exception">What the call threw.</param>
    /// <param name="context">The call.</param>
    /// <param name="streams">Whether the caller sends a stream of messages.</param>
    private RpcException Translate(Exception exception, ServerCallContext context, bool streams = false)
    {
        RpcException failure = FailureOf(exception, context, streams);
        context.GetHttpContext().Features.Set(new CallStatus(failure));
        return failure;
    }

    private RpcException FailureOf(Exception exception, ServerCallContext context, bool streams) => exception switch
    {
        CallFailure failure => failure,
        // Of a service of ours that throws its own, or the library's, such as for a message over the size limit. What a service that this one
        // calls has answered is no answer to this one's caller.
        RpcException rpc when rpc.Source is { } source && (source.StartsWith("Grpc.AspNetCore", StringComparison.Ordinal) || source == Own) => rpc,
        // Bytes that are no message, inside a stream; in a unary call the library answers before this code.
        InvalidProtocolBufferException when exception.Passed(Reading) => new RpcException(new Status(StatusCode.Internal, "The bytes are no message of this type.")),
        // Likewise a frame that does not decompress, has an unknown compression flag, or a length beyond 2 GB.
        InvalidDataException or IOException { Source: "Grpc.AspNetCore.Server" } when exception.Passed(Reading) =>
            new RpcException(new Status(StatusCode.Internal, "The frame of a message is broken.")),
        StoreBusyException { MayBeWritten: true } => Fault(Failures.StoreDidNotAnswer(), null, context),
        StoreBusyException => Fault(Failures.StoreBusy(streams), null, context),
        StoreFullException => Fault(Failures.StoreFull(streams), null, context),
        _ when IsCallers(exception, context.CancellationToken.IsCancellationRequested) => Ended(context).ToException(),
        _ => Fault(Failures.Internal(GrpcProtocol.TraceId(context.GetHttpContext())), exception, context),
    };

    // Kestrel fails the read of a broken connection a moment before it raises the call's token. Once that is raised, waiting for it ends,
    // and the library refuses to read and write.
    private static bool IsCallers(Exception exception, bool isOver) => exception switch
    {
        ConnectionAbortedException or ConnectionResetException => true,
        IOException => exception.Passed("Microsoft.AspNetCore.Server.Kestrel."),
        OperationCanceledException => isOver,
        // A task that has failed, made by the library and raised where it is awaited: only its words tell where it is from. It may come
        // a moment before the token is raised, too.
        InvalidOperationException => exception.Message is RefusedRead or RefusedWrite,
        _ => false,
    };

    private Google.Rpc.Status Ended(ServerCallContext context) =>
        context.Deadline <= time.GetUtcNow().UtcDateTime ? Failures.DeadlineExceeded()
        : drain.Begun.IsCancellationRequested ? Failures.ShuttingDown()
        : context.GetHttpContext().Features.Get<CallEnd>() is { Signal.IsCancellationRequested: true } end ? end.Failure()
        : Failures.Cancelled();

    private static RpcException Fault(Google.Rpc.Status status, Exception? exception, ServerCallContext context)
    {
        context.GetHttpContext().Features.Set(new CallFault(exception));
        return status.ToException();
    }
}
