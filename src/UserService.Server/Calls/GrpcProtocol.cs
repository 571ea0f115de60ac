using System.Diagnostics;
using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Users.Server.Errors;
using Status = Google.Rpc.Status;

namespace Users.Server.Calls;

/// <summary>The little of gRPC over HTTP/2 that a middleware needs.</summary>
internal static class GrpcProtocol
{
    private sealed record CallTrace(string Id);

    private const string ContentType = "application/grpc";

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is true;

    public static bool IsStream(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type is not (null or MethodType.Unary);

    /// <summary>
    /// How a finished call ended. One that failed before its first message carries its status in the headers ("trailers-only"); one
    /// without any was cut off: nobody was left to send it to.
    /// </summary>
    public static StatusCode StatusOf(HttpContext context)
    {
        string? sent = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"].ToString() is { Length: > 0 } trailer
            ? trailer
            : context.Response.Headers["grpc-status"].ToString();
        return int.TryParse(sent, CultureInfo.InvariantCulture, out int code) ? (StatusCode)code : StatusCode.Cancelled;
    }

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

    /// <summary>Refuses a call that has not begun, as a "trailers-only" answer: HTTP 200 with the status in its headers.</summary>
    public static Task RefuseAsync(HttpContext context, Status status)
    {
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = $"{status.Code}";
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
        foreach (Metadata.Entry trailer in status.ToException().Trailers)
        {
            response.Headers[trailer.Key] = trailer.IsBinary ? Convert.ToBase64String(trailer.ValueBytes) : trailer.Value;
        }

        return response.CompleteAsync();
    }
}
