using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Users.Server.Telemetry;

/// <summary>
/// Begins the span of a call, where it is one that is recorded. The framework makes a span of each request as soon as anybody listens, recorded
/// or not, and that costs a call as much as all its metrics: so nobody listens there, and the sampler is asked before a span is made.
/// </summary>
/// <param name="sampler">Decides which calls are recorded; null where traces are sent nowhere.</param>
internal sealed class CallSpans(Sampler? sampler)
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Users.Server";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether there may be one.</summary>
    public bool Enabled => sampler is not null && Source.HasListeners();

    /// <summary>In the caller's trace, where it passes one (W3C).</summary>
    public Activity? Begin(HttpContext context, string method)
    {
        if (!Enabled)
        {
            return null;
        }

        IHeaderDictionary headers = context.Request.Headers;
        bool isPassed = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out ActivityContext caller);
        ActivityTraceId trace = isPassed ? caller.TraceId : ActivityTraceId.CreateRandom();
        return sampler!.ShouldSample(new SamplingParameters(caller, trace, method, ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample
            ? Source.StartActivity(method, ActivityKind.Server, caller)
            : null;
    }
}
