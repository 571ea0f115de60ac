using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Grpc.AspNetCore.Server.Reflection;

/// <summary>The descriptors of the services that an application has mapped.</summary>
internal static class MappedServices
{
    public static IEnumerable<ServiceDescriptor> Find(IServiceProvider provider) => provider.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
        .Distinct()
        .Select(Descriptor)
        .OfType<ServiceDescriptor>();

    // Generated code marks the base class of a service with the static class that also holds its descriptor. A service that
    // was not generated from a proto file has none, and nothing to reflect on.
    private static ServiceDescriptor? Descriptor(Type? service) => service?.GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
        ?.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
}
