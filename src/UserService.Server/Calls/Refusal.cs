using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Users.Server.Errors;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;
using Status = Google.Rpc.Status;

namespace Users.Server.Calls;

/// <summary>Answers a request that is refused before its method runs, in the protocol of the caller.</summary>
internal static class Refusal
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default
        .WithFormatDefaultValues(true)
        .WithTypeRegistry(StatusExtensions.DetailTypes));

    public static Task AnswerAsync(HttpContext context, Status status)
    {
        RpcException failure = status.ToException();
        context.Features.Set(new CallStatus(failure));
        return Call.Of(context).IsGrpc ? AnswerGrpcAsync(context, failure) : AnswerHttpAsync(context, status);
    }

    // A "trailers-only" answer: HTTP 200 with the status in its headers, where gRPC-Web reads it too.
    private static Task AnswerGrpcAsync(HttpContext context, RpcException failure)
    {
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = context.Request.ContentType;
        response.Headers["grpc-status"] = ((int)failure.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(failure.Status.Detail);
        foreach (Metadata.Entry trailer in failure.Trailers)
        {
            response.Headers[trailer.Key] = trailer.IsBinary ? Convert.ToBase64String(trailer.ValueBytes) : trailer.Value;
        }

        return response.CompleteAsync();
    }

    private static Task AnswerHttpAsync(HttpContext context, Status status)
    {
        int code = HttpStatusOf((StatusCode)status.Code);
        if (code == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (status.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() is { } delay)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Call.Of(context).IsCall
            ? AnswerJsonAsync(context, status, code)
            : Results.Problem(status.Message, statusCode: code, title: status.GetDetail<ErrorInfo>()?.Reason).ExecuteAsync(context);
    }

    /// <summary>Answers a call that is made in JSON with its status in JSON.</summary>
    public static Task AnswerJsonAsync(HttpContext context, Status status, int code) =>
        Results.Text(Json.Format(status), "application/json", statusCode: code).ExecuteAsync(context);

    private static int HttpStatusOf(StatusCode code) => code switch
    {
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
