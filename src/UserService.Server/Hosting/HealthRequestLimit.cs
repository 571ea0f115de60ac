using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Health.V1;

namespace Users.Server.Hosting;

/// <summary>
/// Refuses to look for the health of a service with a long name, which a watch, open to every caller, would keep for as long as it is open. The
/// library's service is internal, so it cannot have a message limit of its own by AddServiceOptions.
/// </summary>
internal sealed class HealthRequestLimit : Interceptor
{
    /// <summary>The largest request, in bytes.</summary>
    public const int MaxBytes = 256;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(request);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(request);
        return continuation(request, responseStream, context);
    }

    private static void Check<TRequest>(TRequest request)
    {
        if (request is HealthCheckRequest health && health.CalculateSize() > MaxBytes)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The request is too long: a request of health has at most {MaxBytes} bytes."));
        }
    }
}
