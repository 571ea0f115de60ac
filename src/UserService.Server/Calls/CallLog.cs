using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Users.Server.Calls;

/// <summary>
/// One line for each finished call: Debug when it succeeded or its caller went away, Information when it failed through the
/// caller's fault, Error through ours. A middleware, so that it also sees what the library refuses before any interceptor.
/// </summary>
internal sealed partial class CallLog(RequestDelegate next, TimeProvider time, ILogger<CallLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!GrpcProtocol.IsGrpc(context.Request))
        {
            await next(context);
            return;
        }

        long start = time.GetTimestamp();
        await next(context);
        Write(context, time.GetElapsedTime(start));
    }

    private void Write(HttpContext context, TimeSpan elapsed)
    {
        Exception? fault = context.Features.Get<CallFault>()?.Exception;
        StatusCode status = ReadStatus(context);
        LogLevel level = fault is not null ? LogLevel.Error
            : status is StatusCode.OK or StatusCode.Cancelled ? LogLevel.Debug
            : LogLevel.Information;
        if (!logger.IsEnabled(level))
        {
            return;
        }

        string? method = context.Request.Path.Value;
        string peer = $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";
        string traceId = GrpcProtocol.TraceId(context);
        Log.Finished(logger, level, fault, method, status, elapsed.TotalMilliseconds, peer, traceId);
    }

    // A call that failed before its first message carries its status in the headers ("trailers-only"). One without any
    // status was cut off: nobody was left to send it to.
    private static StatusCode ReadStatus(HttpContext context)
    {
        string? sent = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"].ToString() is { Length: > 0 } trailer
            ? trailer
            : context.Response.Headers["grpc-status"].ToString();
        return int.TryParse(sent, CultureInfo.InvariantCulture, out int code) ? (StatusCode)code : StatusCode.Cancelled;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, Message = "{Method} ended {Status} in {Milliseconds:0.0} ms for {Peer}, trace {TraceId}")]
        public static partial void Finished(
            ILogger logger, LogLevel level, Exception? fault, string? method, StatusCode status, double milliseconds, string peer, string traceId);
    }
}
