using Grpc.Core;

namespace Users.Server.Calls;

/// <summary>
/// One line for each finished call: Debug when it succeeded or its caller went away, Information when it failed through the
/// caller's fault, Error through ours. A middleware, so that it also sees what the library refuses before any interceptor.
/// </summary>
internal sealed partial class CallLog(RequestDelegate next, TimeProvider time, ILogger<CallLog> logger)
{
    private const int MaxPath = 200;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!Call.Of(context).IsCall)
        {
            await next(context);
            return;
        }

        long start = time.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Of a middleware: the methods' own are answered by the interceptor. Kestrel answers it, with HTTP 500.
            Write(context, StatusCode.Unknown, new CallFault(fault), time.GetElapsedTime(start));
            throw;
        }

        Write(context, CallStatus.Of(context), context.Features.Get<CallFault>(), time.GetElapsedTime(start));
    }

    private void Write(HttpContext context, StatusCode status, CallFault? fault, TimeSpan elapsed)
    {
        LogLevel level = fault is not null ? LogLevel.Error
            : status is StatusCode.OK or StatusCode.Cancelled ? LogLevel.Debug
            : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        // Escaped again: a caller's line break or escape sequence in it would forge lines or colour the terminal.
        string path = context.Request.Path.ToUriComponent();
        string method = path.Length <= MaxPath ? path : path[..MaxPath];
        string peer = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
        string traceId = GrpcProtocol.TraceId(context);
        Log.Finished(logger, level, fault?.Exception, method, status, elapsed.TotalMilliseconds, peer, traceId);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, Message = "{Method} ended {Status} in {Milliseconds:0.0} ms for {Peer}, trace {TraceId}")]
        public static partial void Finished(
            ILogger logger, LogLevel level, Exception? fault, string? method, StatusCode status, double milliseconds, string peer, string traceId);
    }
}
