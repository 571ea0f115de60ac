using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Users.Server.Calls;
using Users.Server.Settings;
using Status = Google.Rpc.Status;

namespace Users.Server.Rest;

/// <summary>Bounds the message of a call in JSON, as the library does it only for gRPC.</summary>
internal sealed class MessageLimit(IOptions<Limits> limits) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    private Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (Call.SpeaksGrpc(context.Request))
        {
            return next(context);
        }

        int most = limits.Value.MaxMessageBytes;
        if (context.Request.ContentLength > most)
        {
            var tooLarge = new Status { Code = (int)StatusCode.ResourceExhausted, Message = $"The request is larger than {most} bytes: send less." };
            return Refusal.AnswerJsonAsync(context, tooLarge, StatusCodes.Status413PayloadTooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = most;
        }

        return next(context);
    }
}
