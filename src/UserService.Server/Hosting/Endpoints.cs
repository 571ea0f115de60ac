using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Users.Server.Settings;

namespace Users.Server.Hosting;

/// <summary>
/// Where the server listens: <c>Kestrel:Endpoints:Grpc</c> speaks HTTP/2 alone, because a cleartext port that also speaks
/// HTTP/1.1 never negotiates HTTP/2; <c>Kestrel:Endpoints:Http</c> beside it answers plain probes.
/// </summary>
internal sealed class Endpoints(FileHandles handles, Certificates certificates, TimeProvider time)
{
    private ListenOptions? _grpc;
    private HttpsConnectionAdapterOptions? _grpcTls;
    private ListenOptions? _http;

    /// <summary>The address of the gRPC endpoint; with port 0 in the settings, the port that the system picked.</summary>
    public string Grpc => _grpc?.ToString() ?? "nowhere: Kestrel:Endpoints:Grpc is not set";

    /// <summary>Where this process reaches its own gRPC endpoint; null where that is no port.</summary>
    public Uri? OwnGrpc => _grpc?.IPEndPoint is { } end
        ? new UriBuilder(_grpcTls is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, OwnHost(end.Address), end.Port).Uri
        : null;

    public string Http => _http?.ToString() ?? "nowhere: Kestrel:Endpoints:Http is not set";

    public void Configure(KestrelServerOptions kestrel, IConfigurationSection section, Limits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.ConnectionIdle;
        // A client that vanished without a word is noticed, and its streams are freed, after these two.
        kestrel.Limits.Http2.KeepAlivePingDelay = limits.KeepAliveDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = limits.KeepAliveTimeout;
        string[] names = [.. section.GetSection("Endpoints").GetChildren().Select(endpoint => endpoint.Key)];
        kestrel.Limits.MaxConcurrentConnections = handles.Fit(limits.MaxConnections, names.Length);
        // The settings are read once: an endpoint that is written into them later has passed none of the checks of the start.
        KestrelConfigurationLoader loader = kestrel.Configure(section, reloadOnChange: false);
        foreach (string name in names)
        {
            loader.Endpoint(name, endpoint => Note(name, endpoint, limits));
        }
    }

    private void Note(string name, EndpointConfiguration endpoint, Limits limits)
    {
        if (endpoint.IsHttps)
        {
            certificates.Follow(name, endpoint.HttpsOptions);
        }

        if (name.Equals("Grpc", StringComparison.OrdinalIgnoreCase))
        {
            (_grpc, _grpcTls) = (endpoint.ListenOptions, endpoint.IsHttps ? endpoint.HttpsOptions : null);
            if (limits.MaxConnectionAge > TimeSpan.Zero)
            {
                ConnectionAge.Limit(endpoint.ListenOptions, limits.MaxConnectionAge, time);
            }

            if (endpoint.IsHttps)
            {
                TlsRecords.Share(endpoint);
            }
        }
        else if (name.Equals("Http", StringComparison.OrdinalIgnoreCase))
        {
            _http = endpoint.ListenOptions;
        }
    }

    /// <summary>Whether it is the gRPC endpoint's own certificate.</summary>
    public bool IsOwn(X509Certificate? certificate) =>
        certificate is not null && _grpcTls?.ServerCertificate is { } own && certificate.GetRawCertData().AsSpan().SequenceEqual(own.RawDataMemory.Span);

    /// <summary>Where a server that listens on an address reaches itself.</summary>
    internal static string OwnHost(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : $"{address}";
}

internal static class EndpointsSetup
{
    private static readonly string[] Protocols = Enum.GetNames<HttpProtocols>()[1..];

    public static void AddEndpoints(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("Kestrel");
        foreach (IConfigurationSection endpoint in section.GetSection("Endpoints").GetChildren())
        {
            if (!IsUrl(endpoint["Url"]))
            {
                throw BadSetting.Because(
                    $"{endpoint.Path}:Url cannot be '{endpoint["Url"]}': write it like http://127.0.0.1:50051; port 0 is any free one.");
            }

            UnixSockets.RemoveStale(endpoint["Url"]!);
            if (UnixSockets.ModeOf(endpoint) is { } mode)
            {
                builder.Services.AddSingleton<IHostedService>(mode);
            }

            // Kestrel takes a word that it does not know for its default, which is HTTP/1.1 on a cleartext port.
            if (endpoint["Protocols"] is { Length: > 0 } protocols && !Protocols.Contains(protocols, StringComparer.OrdinalIgnoreCase))
            {
                throw BadSetting.Because(
                    $"{endpoint.Path}:Protocols cannot be '{protocols}': use one of {string.Join(", ", Protocols)}.");
            }
        }

        if (FileHandles.MaxSockets is { } sockets)
        {
            builder.Services.AddSingleton<IConnectionListenerFactory>(services =>
                new BoundedAccept(ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), new SemaphoreSlim(sockets)));
        }

        builder.Services.AddSingleton<FileHandles>();
        builder.Services.AddSingleton<Certificates>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Certificates>());
        builder.Services.AddSingleton<Endpoints>();
        builder.Services.AddOptions<KestrelServerOptions>().PostConfigure<Endpoints, IOptions<Limits>>(
            (kestrel, endpoints, limits) => endpoints.Configure(kestrel, section, limits.Value));
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
