namespace Users.Client.Connection;

/// <summary>
/// Names the cause of a connection that broke while it began. Where HttpClient learns of the break only once it hands the new connection to
/// the call, its exception has no inner one, and Grpc.Net.Client makes INTERNAL of it, which no policy tries again. With the cause the call
/// is UNAVAILABLE, as after any other break.
/// </summary>
/// <param name="inner">Sends.</param>
internal sealed class CutHandshakes(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e is { HttpRequestError: HttpRequestError.Unknown, InnerException: null, StatusCode: null })
        {
            throw new HttpRequestException(e.HttpRequestError, e.Message, new IOException("The peer closed the connection at its start.", e));
        }
    }
}
