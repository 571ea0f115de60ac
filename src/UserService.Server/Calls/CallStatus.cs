using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Users.Server.Calls;

/// <summary>How a call failed, for those who cannot read it in what was sent: a caller in JSON gets a status of HTTP.</summary>
/// <param name="failure">What it is answered with.</param>
internal sealed class CallStatus(RpcException failure)
{
    private StatusCode Code => failure.StatusCode;

    private string? Reason => failure.Trailers.GetRpcStatus(ignoreParseError: true)?.GetDetail<ErrorInfo>()?.Reason;

    /// <summary>How a finished call ended.</summary>
    public static StatusCode Of(HttpContext context) => Call.Of(context).IsGrpc ? OfGrpc(context)
        : context.Features.Get<CallStatus>() is { } failed ? failed.Code
        : context.RequestAborted.IsCancellationRequested ? StatusCode.Cancelled
        : context.Response.StatusCode switch
        {
            < StatusCodes.Status400BadRequest => StatusCode.OK,
            // What the library refuses before the method: a body that is no JSON of the message.
            StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
            _ => StatusCode.Unknown,
        };

    /// <summary>Why a finished call failed, as the catalogue names it; null where it has no reason.</summary>
    public static string? ReasonOf(HttpContext context) => context.Features.Get<CallStatus>()?.Reason;

    // One that failed before its first message carries its status in the headers ("trailers-only"); one without any was cut off: its client
    // was gone.
    private static StatusCode OfGrpc(HttpContext context)
    {
        string? sent = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"].ToString() is { Length: > 0 } trailer
            ? trailer
            : context.Response.Headers["grpc-status"].ToString();
        return int.TryParse(sent, CultureInfo.InvariantCulture, out int code) ? (StatusCode)code : StatusCode.Cancelled;
    }
}
