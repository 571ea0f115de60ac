using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Matching;

namespace Users.Server.Rest;

/// <summary>
/// Lets a name in a path hold a slash: <c>/v1/rooms/a%2Fb/messages</c> is the room <c>a/b</c>. Kestrel decodes a path but for <c>%2F</c>,
/// which would end the segment, and the library takes the segment as it is.
/// </summary>
internal sealed class EncodedSlashes : MatcherPolicy, IEndpointSelectorPolicy
{
    private const string Slash = "%2F";

    public override int Order => 0;

    // The paths of gRPC itself have no names in them, and pass without a look at them.
    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint =>
        endpoint is RouteEndpoint { RoutePattern.Parameters.Count: > 0 } && endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        // %252F, an encoded percent sign, looks the same once Kestrel has decoded it.
        if (!httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            return Task.CompletedTask;
        }

        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates[i].Values is { } values)
            {
                foreach ((string name, object? value) in values.ToArray())
                {
                    values[name] = value is string text ? text.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase) : value;
                }
            }
        }

        return Task.CompletedTask;
    }
}
