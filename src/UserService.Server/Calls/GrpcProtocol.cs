using System.Diagnostics;

namespace Users.Server.Calls;

/// <summary>The little of gRPC over HTTP/2 that a middleware needs.</summary>
internal static class GrpcProtocol
{
    private sealed record CallTrace(string Id);

    /// <summary>What joins a call's answer with its line in the log: the client's trace, if it passed one (W3C).</summary>
    public static string TraceId(HttpContext context)
    {
        if (Activity.Current is { } span)
        {
            return span.TraceId.ToString();
        }

        if (context.Features.Get<CallTrace>() is not { } trace)
        {
            bool passed = ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out ActivityContext client);
            trace = new CallTrace((passed ? client.TraceId : ActivityTraceId.CreateRandom()).ToString());
            context.Features.Set(trace);
        }

        return trace.Id;
    }
}
