using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

public static class GrpcReflectionEndpointRouteBuilderExtensions
{
    /// <summary>Serves v1 and v1alpha, since tools in use speak only one or the other.</summary>
    public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RouteGroupBuilder both = builder.MapGroup("");
        both.MapGrpcService<ReflectionV1ServiceImpl>();
        both.MapGrpcService<ReflectionServiceImpl>();
        return both;
    }
}
