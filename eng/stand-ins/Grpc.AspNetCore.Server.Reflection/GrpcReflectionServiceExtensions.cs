using Grpc.AspNetCore.Server.Reflection;
using Grpc.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

public static class GrpcReflectionServiceExtensions
{
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        // Made at the first call: by then everything is mapped.
        services.TryAddSingleton(provider => new ReflectionServiceImpl(MappedServices.Find(provider)));
        services.TryAddSingleton(provider => new ReflectionV1ServiceImpl(MappedServices.Find(provider)));
        return services;
    }
}
