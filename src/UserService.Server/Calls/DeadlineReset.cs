using Microsoft.AspNetCore.Http.Features;

namespace Users.Server.Calls;

/// <summary>
/// Lets a caller that is still sending see the DEADLINE_EXCEEDED it is sent. Grpc.AspNetCore resets such a stream with CANCEL right
/// behind the trailers, and HttpClient then may drop trailers that it has not read: the call seems CANCELLED. NO_ERROR says that the
/// answer is whole and the rest of the request not needed (https://www.rfc-editor.org/rfc/rfc9113#section-8.1).
/// </summary>
internal sealed class DeadlineReset(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Without grpc-timeout the server keeps no deadline.
        if (context.Request.Headers.GrpcTimeout.Count > 0 && Call.Of(context).IsStream
            && context.Features.Get<IHttpResetFeature>() is { } feature)
        {
            context.Features.Set<IHttpResetFeature>(new AfterTrailers(feature));
        }

        return next(context);
    }

    private sealed class AfterTrailers(IHttpResetFeature inner) : IHttpResetFeature
    {
        private const int NoError = 0;
        private const int Cancel = 8;

        public void Reset(int errorCode) => inner.Reset(errorCode == Cancel ? NoError : errorCode);
    }
}
