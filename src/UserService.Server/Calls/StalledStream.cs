using Microsoft.AspNetCore.Http.Features;

namespace Users.Server.Calls;

/// <summary>
/// A stream whose reader is stalled: its write waits for the reader, whatever the call's token says. Only an answer that has begun
/// can be stalled there: an upload may still wait for its commit.
/// </summary>
internal static class StalledStream
{
    // REFUSED_STREAM is the one code that gRPC reads as UNAVAILABLE; HttpContext.Abort would send INTERNAL_ERROR, a bug's status.
    private const int RefusedStream = 7;

    /// <summary>Resets the call's stream at the signal, unless the call has ended by then; dispose the result when it has.</summary>
    public static CancellationTokenRegistration ResetAt(HttpContext context, CancellationToken signal) =>
        signal.UnsafeRegister(_ => Reset(context), null);

    private static void Reset(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            if (context.Features.Get<IHttpResetFeature>() is { } stream)
            {
                stream.Reset(RefusedStream);
            }
            else
            {
                // HTTP/1.1 has no stream to reset, only its connection.
                context.Abort();
            }
        }
    }
}
