using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Users.Server.Hosting;

/// <summary>
/// Where the server listens: <c>Kestrel:Endpoints:Grpc</c> speaks HTTP/2 alone, because a cleartext port that also speaks
/// HTTP/1.1 never negotiates HTTP/2; <c>Kestrel:Endpoints:Http</c> beside it answers plain probes.
/// </summary>
internal sealed class Endpoints
{
    private ListenOptions? _grpc;
    private ListenOptions? _http;

    /// <summary>The address of the gRPC endpoint; with port 0 in the settings, the port that the system picked.</summary>
    public string Grpc => _grpc?.ToString() ?? "nowhere: Kestrel:Endpoints:Grpc is not set";

    public string Http => _http?.ToString() ?? "nowhere: Kestrel:Endpoints:Http is not set";

    public void Configure(KestrelServerOptions kestrel, Limits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.ConnectionIdle;
        // A client that vanished without a word is noticed, and its streams are freed, after these two.
        kestrel.Limits.Http2.KeepAlivePingDelay = limits.KeepAliveDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = limits.KeepAliveTimeout;
        kestrel.ConfigurationLoader?
            .Endpoint("Grpc", endpoint => _grpc = endpoint.ListenOptions)
            .Endpoint("Http", endpoint => _http = endpoint.ListenOptions);
    }
}

internal static class EndpointsSetup
{
    private static readonly string[] Protocols = Enum.GetNames<HttpProtocols>()[1..];

    public static void AddEndpoints(this WebApplicationBuilder builder)
    {
        foreach (IConfigurationSection endpoint in builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (!IsUrl(endpoint["Url"]))
            {
                throw StartFailure.BadSetting(
                    $"{endpoint.Path}:Url cannot be '{endpoint["Url"]}': write it like http://127.0.0.1:50051; port 0 is any free one.");
            }

            // Kestrel takes a word that it does not know for its default, which is HTTP/1.1 on a cleartext port.
            if (endpoint["Protocols"] is { Length: > 0 } protocols && !Protocols.Contains(protocols, StringComparer.OrdinalIgnoreCase))
            {
                throw StartFailure.BadSetting(
                    $"{endpoint.Path}:Protocols cannot be '{protocols}': use one of {string.Join(", ", Protocols)}.");
            }
        }

        builder.Services.AddSingleton<Endpoints>();
        builder.Services.AddOptions<KestrelServerOptions>().PostConfigure<Endpoints, IOptions<Limits>>(
            (kestrel, endpoints, limits) => endpoints.Configure(kestrel, limits.Value));
    }

    // Kestrel's own check comes after the database is open, and does not name the setting.
    private static bool IsUrl(string? url)
    {
        try
        {
            return BindingAddress.Parse(url ?? "") is { Scheme: "http" or "https", Port: >= 0 and <= ushort.MaxValue };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
