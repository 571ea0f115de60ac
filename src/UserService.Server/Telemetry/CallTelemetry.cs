using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Core;
using Users.Server.Calls;

namespace Users.Server.Telemetry;

/// <summary>
/// Measures each call, and has a span for it where it is recorded. A stream is one span, however many messages it carries. Without a listener
/// a call passes untouched.
/// </summary>
internal sealed partial class CallTelemetry(RequestDelegate next, CallMetrics metrics, CallSpans spans, TimeProvider time)
{
    // As the protocol writes them: RESOURCE_EXHAUSTED.
    private static readonly FrozenDictionary<StatusCode, string> Statuses = Enum.GetValues<StatusCode>()
        .ToFrozenDictionary(code => code, code => WordStart().Replace(code.ToString(), "_").ToUpperInvariant());

    public Task InvokeAsync(HttpContext context) =>
        (metrics.Enabled || spans.Enabled) && Call.Of(context) is { IsCall: true } call ? MeasureAsync(context, call) : next(context);

    private async Task MeasureAsync(HttpContext context, Call call)
    {
        // A path that is no method of ours is a caller's text: as an attribute it would grow the metrics without bound.
        string method = call.Method?.TrimStart('/') ?? "_OTHER";
        using Activity? span = spans.Begin(context, method);
        long start = time.GetTimestamp();
        CallCounts? counts = null;
        if (call.IsStream)
        {
            context.Features.Set(counts = new CallCounts());
            metrics.StreamOpened(method);
        }

        try
        {
            await next(context);
        }
        finally
        {
            if (call.IsStream)
            {
                metrics.StreamClosed(method);
            }

            StatusCode code = CallStatus.Of(context);
            string status = Statuses.GetValueOrDefault(code, "UNKNOWN");
            string? reason = code == StatusCode.OK ? null : CallStatus.ReasonOf(context);
            metrics.Finished(method, status, reason, time.GetElapsedTime(start), counts);
            Describe(span, method, code, status, reason, counts);
        }
    }

    private static void Describe(Activity? span, string method, StatusCode code, string status, string? reason, CallCounts? counts)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag("rpc.system.name", "grpc");
        span.SetTag("rpc.method", method);
        span.SetTag("rpc.response.status_code", status);
        if (reason is not null)
        {
            span.SetTag(CallMetrics.Reason, reason);
        }

        if (counts is not null)
        {
            span.SetTag("rpc.server.requests_per_rpc", counts.Requests);
            span.SetTag("rpc.server.responses_per_rpc", counts.Responses);
        }

        // The codes that the conventions call a server's errors.
        if (code is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal
            or StatusCode.Unavailable or StatusCode.DataLoss)
        {
            span.SetTag("error.type", status);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
