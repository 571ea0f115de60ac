using System.Net;
using Users.Server.Hosting;

namespace Users.Server.WarmUp;

/// <summary>
/// The server's first connection, which it makes to itself: the first one of a process waits while Kestrel's HTTP/2 and the
/// middlewares are loaded, a tenth of a second on one core. It asks for the health, which no guard refuses.
/// </summary>
internal sealed partial class FirstConnection(Endpoints endpoints, ILogger<FirstConnection> logger)
{
    private const string Path = "/grpc.health.v1.Health/Check";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="request">A request without fields, in its frame.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public async Task CallAsync(byte[] request, CancellationToken cancellationToken)
    {
        if (endpoints.OwnGrpc is not { } address)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var handler = new SocketsHttpHandler { UseProxy = false };
        // The one certificate to trust is the server's own, whatever its name.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => endpoints.IsOwn(certificate);
        using var client = new HttpMessageInvoker(handler);
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(address, Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(request) { Headers = { ContentType = new("application/grpc") } },
        };
        try
        {
            using HttpResponseMessage response = await client.SendAsync(call, patience.Token);
            await response.Content.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Such as an endpoint that asks for a client's certificate: only its first client waits the longer for it.
            Log.Refused(logger, exception, address);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The server could not connect to itself at {Address}; its first client waits a little longer")]
        public static partial void Refused(ILogger logger, Exception exception, Uri address);
    }
}
