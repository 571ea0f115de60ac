using System.Net;

namespace Users.Client.Connection;

/// <summary>
/// Keeps a call whole where a peer that is about to close the connection (GOAWAY) did not take it: then it is sent again on another one, below gRPC.
/// A call's one request is kept for that; a stream ends, for its caller to resume. Without this the library would send an empty
/// request in the place of one that it may retry, and a stream that never begins (https://github.com/grpc/grpc-dotnet/issues/1778).
/// </summary>
/// <param name="methods">The paths of the methods with one request each.</param>
/// <param name="inner">Sends.</param>
internal sealed class ResendableRequests(IEnumerable<string> methods, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly HashSet<string> _methods = [.. methods];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_methods.Contains(request.RequestUri!.AbsolutePath))
        {
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
        }
        else
        {
            request.Content = new SentOnce(request.Content!);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private sealed class SentOnce : HttpContent
    {
        private readonly HttpContent _stream;
        private bool _isSent;

        public SentOnce(HttpContent stream)
        {
            _stream = stream;
            Headers.ContentType = stream.Headers.ContentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (_isSent)
            {
                throw new IOException("The connection was closed before the peer took the stream.");
            }

            _isSent = true;
            return _stream.CopyToAsync(stream, context, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
