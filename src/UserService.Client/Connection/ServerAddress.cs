using System.Text;

namespace Users.Client.Connection;

/// <summary>
/// Where the service is: one server, a list of its replicas, a name whose every address is a replica, or a Unix domain socket. Without a
/// scheme of its own (HOST:PORT, dns:///NAME:PORT) it is in cleartext, unless <see cref="InTls"/> is asked for.
/// </summary>
internal sealed class ServerAddress
{
    private const string NamePrefix = "dns:///";
    private const string SocketPrefix = "unix:";

    // The host of a call over a socket, which has none: gRPC's libraries send the same.
    private static readonly Uri SocketHost = new("http://localhost");

    // What the systems have in common, in bytes.
    private const int MaxSocketPath = 103;

    private readonly string _text;

    private ServerAddress(string text, IReadOnlyList<Uri> servers, bool isName, bool hasScheme) =>
        (_text, Servers, IsName, HasScheme) = (text, servers, isName, hasScheme);

    /// <summary>The servers as http or https addresses: one at least.</summary>
    public IReadOnlyList<Uri> Servers { get; }

    /// <summary>Whether the one server is a name that is looked up for its replicas.</summary>
    public bool IsName { get; }

    /// <summary>Whether the address itself says if it is in TLS.</summary>
    public bool HasScheme { get; }

    public bool IsTls => Servers[0].Scheme == Uri.UriSchemeHttps;

    /// <summary>Whether what is sent stays on this host.</summary>
    public bool IsLoopback => Servers.All(server => server.IsLoopback);

    /// <summary>The file of the Unix domain socket that the server listens on; null: it listens on a port.</summary>
    public string? SocketPath { get; private init; }

    public bool HasReplicas => IsName || Servers.Count > 1;

    public static implicit operator ServerAddress(Uri server) => FromUri(server);

    public static ServerAddress FromUri(Uri server) => new(server.OriginalString, [server], isName: false, hasScheme: true);

    /// <returns>Null for a text that is no address, or a list in which some addresses have a scheme and others have another or none.</returns>
    public static ServerAddress? TryParse(string text)
    {
        if (text.StartsWith(NamePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return TryParseHostAndPort(text[NamePrefix.Length..]) is { } name ? new(text, [name], isName: true, hasScheme: false) : null;
        }

        if (text.StartsWith(SocketPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return TryParseSocket(text);
        }

        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        bool[] schemes = [.. parts.Select(part => part.Contains("://", StringComparison.Ordinal)).Distinct()];
        Uri?[] servers = [.. parts.Select(part => schemes[0] ? TryParseUri(part) : TryParseHostAndPort(part))];
        return schemes.Length == 1 && servers.All(server => server is not null && server.Scheme == servers[0]?.Scheme)
            ? new(text, [.. servers.OfType<Uri>()], isName: false, schemes[0])
            : null;
    }

    /// <summary>What the user has to write for TLS.</summary>
    public string TlsAdvice => HasScheme ? "write https://" : "add --tls";

    /// <summary>The beginning of a sentence about a call that no server answered.</summary>
    public string NotAvailable => HasReplicas ? $"No server at {_text} is available" : $"The server at {_text} is not available";

    /// <summary>The same servers in TLS, for an address without a scheme.</summary>
    public ServerAddress InTls() =>
        new(_text, [.. Servers.Select(server => new Uri($"{Uri.UriSchemeHttps}://{server.Authority}"))], IsName, HasScheme);

    /// <summary>As the user wrote it.</summary>
    public override string ToString() => _text;

    // gRPC's names for a socket: unix:path, and unix:///absolute/path.
    private static ServerAddress? TryParseSocket(string text)
    {
        string path = text[SocketPrefix.Length..];
        path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
        return Encoding.UTF8.GetByteCount(path) is > 0 and <= MaxSocketPath && !path.StartsWith("//", StringComparison.Ordinal)
            ? new(text, [SocketHost], isName: false, hasScheme: true) { SocketPath = path }
            : null;
    }

    private static Uri? TryParseUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? server)
        && server is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "" }
        && !text.Contains('@')
            ? server
            : null;

    // With its port, for there is no usual one without a scheme.
    private static Uri? TryParseHostAndPort(string text) =>
        TryParseUri($"{Uri.UriSchemeHttp}://{text}") is { } server && text.EndsWith($":{server.Port}", StringComparison.Ordinal) ? server : null;
}
