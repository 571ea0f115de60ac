using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;

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
        string raw = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        if (raw.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            string[] sent = raw.Split('/');
            string[] decoded = httpContext.Request.Path.Value!.Split('/');
            for (int i = 0; i < candidates.Count && sent.Length == decoded.Length; i++)
            {
                if (candidates[i] is { Endpoint: RouteEndpoint endpoint, Values: { } values })
                {
                    Decode(endpoint, values, sent, decoded);
                }
            }
        }

        return Task.CompletedTask;
    }

    // From what was sent: once it is decoded, %252F, a percent sign before 2F, looks like a slash.
    private static void Decode(RouteEndpoint endpoint, RouteValueDictionary values, string[] sent, string[] decoded)
    {
        for (int i = 0; i < endpoint.RoutePattern.PathSegments.Count; i++)
        {
            foreach (RoutePatternParameterPart parameter in endpoint.RoutePattern.PathSegments[i].Parts.OfType<RoutePatternParameterPart>())
            {
                // The path begins with a slash, so with an empty segment. Around the name may stand a verb, such as :watch.
                string segment = decoded[i + 1];
                string name = (string)values[parameter.Name]!;
                int before = segment.IndexOf(name, StringComparison.Ordinal);
                int behind = segment.Length - before - name.Length;
                values[parameter.Name] = Uri.UnescapeDataString(sent[i + 1])[before..^behind];
            }
        }
    }
}
