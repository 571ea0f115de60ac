using Users.Server.Errors;

namespace Users.Server.Calls;

/// <summary>
/// At shutdown: new calls are refused, streams end, running unary calls finish. A middleware, because Kestrel does not raise a
/// call's token when the host stops, and once a call has a deadline its token is fixed before any interceptor runs.
/// </summary>
internal sealed class Drain(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!GrpcProtocol.IsGrpc(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<DrainExempt>() is not null)
        {
            await next(context);
        }
        else if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await GrpcProtocol.RefuseAsync(context, Failures.ShuttingDown());
        }
        else if (GrpcProtocol.IsStream(context))
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            context.RequestAborted = ended.Token;
            await next(context);
        }
        else
        {
            await next(context);
        }
    }
}

/// <summary>Marks an endpoint whose calls go on while the server shuts down.</summary>
internal sealed class DrainExempt;
