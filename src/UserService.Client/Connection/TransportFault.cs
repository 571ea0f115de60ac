using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace Users.Client.Connection;

/// <summary>
/// Says why a call did not reach a gRPC server, or lost it. What the client's HTTP/2 says of a peer of another kind differs with
/// the peer and the moment, so the peer is asked again, in TLS or in cleartext.
/// </summary>
internal static class TransportFault
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);

    private enum Tls
    {
        None,
        Refused,
        Untrusted,
        OtherName,
        OutOfDate,
        WithHttp1,
        WithHttp2,
    }

    /// <returns>A sentence; null when a server answered the call.</returns>
    public static async Task<string?> DescribeAsync(
        RpcException exception, ServerAddress address, CancellationToken cancellationToken, TlsFiles? tls = null)
    {
        if (exception.Status.DebugException is HttpRequestException or SocketException or IOException && UsersChannel.ProxyTo(address) is { } proxy)
        {
            // Without the name and password that the proxy's address may hold.
            return $"{address.NotAvailable} by the proxy {proxy.Scheme}://{proxy.Authority}, which the environment names;"
                + $" no_proxy={address.Servers[0].Host} goes without it.";
        }

        switch (exception.Status.DebugException)
        {
            case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
            case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                return $"{(address.Servers is [var server] ? $"The name {server.Host}" : $"A name in {address}")} does not resolve; name another server with --address.";
            case HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } when address.SocketPath is not null:
                return $"{address.NotAvailable}: this account may not use the socket; its server sets who may (UnixFileMode).";
            case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException:
                return $"{address.NotAvailable}: nobody listens there; start one, or name another with --address.";
            // In the middle of an answer.
            case IOException:
                return Broken(address);
            case not HttpRequestException:
                return null;
        }

        return await DescribeAsync(address, tls, cancellationToken) ?? Broken(address);
    }

    /// <returns>Whether the connection was lost to a server of the kind that the address says, or another one of that kind is there.</returns>
    public static async Task<bool> BrokeOffAsync(
        RpcException exception, ServerAddress address, CancellationToken cancellationToken, TlsFiles? tls = null) =>
        exception.Status.DebugException switch
        {
            IOException => true,
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError } => false,
            // Of replicas, one that has just ended may be called before the channel knows.
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException =>
                address.HasReplicas && await AskEachAsync(address, tls, cancellationToken).AnyAsync(fault => fault is null, cancellationToken),
            HttpRequestException => await DescribeAsync(address, tls, cancellationToken) is null,
            _ => false,
        };

    /// <returns>A sentence about a peer that is not what its address says; null if nothing is wrong with its kind.</returns>
    public static async Task<string?> DescribeAsync(ServerAddress address, TlsFiles? tls, CancellationToken cancellationToken) =>
        await AskEachAsync(address, tls, cancellationToken).FirstOrDefaultAsync(fault => fault is not null, cancellationToken);

    // Null for a server of the right kind, and nothing for one that is not there: it was before, so it is not its kind that is at fault.
    private static async IAsyncEnumerable<string?> AskEachAsync(
        ServerAddress address, TlsFiles? tls, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (Uri server in address.Servers)
        {
            string? fault;
            try
            {
                fault = await AskAsync(server, address, tls ?? new(), cancellationToken);
            }
            catch (SocketException)
            {
                continue;
            }

            yield return fault;
        }
    }

    private static async Task<string?> AskAsync(Uri peer, ServerAddress address, TlsFiles tls, CancellationToken cancellationToken)
    {
        string server = address.HasReplicas ? peer.Authority : address.ToString();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AskLimit);
        return (address.IsTls, await AskInTlsAsync(address, peer, tls, limit.Token)) switch
        {
            (false, not Tls.None) => $"The server at {server} speaks TLS; {(address.HasScheme ? "write https:// instead of http://" : "add --tls")}.",
            (true, Tls.None) => $"The server at {server} does not speak TLS; {(address.HasScheme ? "write http:// instead of https://" : "leave --tls out")}.",
            (true, Tls.Refused) => $"The server at {server} refuses the TLS connection; if it asks for a certificate, name one with --cert and --key.",
            (true, Tls.OtherName) => $"The certificate of {server} is for another name than {peer.Host}; write one that it names.",
            (true, Tls.OutOfDate) => $"The certificate of {server} has expired or is not valid yet; its operator has to renew it.",
            (true, Tls.Untrusted) when tls.Ca is { } ca => $"The certificate of {server} is of no authority in {ca}; name another file with --ca.",
            (true, Tls.Untrusted) => $"The certificate of {server} is not trusted here; name its authority with --ca FILE, or run"
                + " dotnet dev-certs https --trust if it is a development certificate.",
            (true, Tls.WithHttp1) => NoHttp2(server),
            (false, Tls.None) when !await AnswersHttp2Async(address, peer, limit.Token) => NoHttp2(server),
            _ => null,
        };
    }

    private static string Broken(ServerAddress address) => $"{address.NotAvailable}: the connection broke.";

    private static string NoHttp2(string server) =>
        $"The server at {server} speaks HTTP/1.1, or something else that is not HTTP/2; name its gRPC port with --address.";

    private static async Task<Tls> AskInTlsAsync(ServerAddress address, Uri peer, TlsFiles files, CancellationToken cancellationToken)
    {
        Tls refusal = Tls.None;
        try
        {
            using var tls = new SslStream(await ServerSocket.ConnectAsync(address, peer, cancellationToken));
            SslClientAuthenticationOptions options = files.Options();
            options.TargetHost = peer.DnsSafeHost;
            options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
            options.RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                refusal = Judge(chain, errors);
                return errors is SslPolicyErrors.None;
            };
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            if (tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                return Tls.WithHttp1;
            }

            // In TLS 1.3 a server that misses the client's certificate says so only now, where HTTP/2 has the server's settings.
            await tls.ReadExactlyAsync(new byte[1], cancellationToken);
            return Tls.WithHttp2;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return refusal;
        }
    }

    private static Tls Judge(X509Chain? chain, SslPolicyErrors errors) =>
        errors is SslPolicyErrors.None ? Tls.Refused
        : errors is SslPolicyErrors.RemoteCertificateNameMismatch ? Tls.OtherName
        : errors is SslPolicyErrors.RemoteCertificateChainErrors && chain?.ChainStatus.All(status => status.Status is X509ChainStatusFlags.NotTimeValid) is true ? Tls.OutOfDate
        : Tls.Untrusted;

    // An HTTP/1.1 request would not do: a port for HTTP/2 alone answers that in HTTP/1.1.
    private static async Task<bool> AnswersHttp2Async(ServerAddress address, Uri peer, CancellationToken cancellationToken)
    {
        const int FrameHeaderLength = 9;
        const int FrameTypeIndex = 3;
        const byte Settings = 4;
        try
        {
            using Stream stream = await ServerSocket.ConnectAsync(address, peer, cancellationToken);
            byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, Settings, 0, 0, 0, 0, 0];
            await stream.WriteAsync(preface, cancellationToken);
            byte[] header = new byte[FrameHeaderLength];
            await stream.ReadExactlyAsync(header, cancellationToken);
            return header[FrameTypeIndex] == Settings;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    // Also its silence until the limit: a person who asked for an interruption knows the reason.
    private static bool IsRefusal(Exception e) =>
        e is IOException or AuthenticationException or OperationCanceledException;
}
