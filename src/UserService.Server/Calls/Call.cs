using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Users.Server.Calls;

/// <summary>
/// What a request is: looked at once, by whichever middleware asks first, and kept with the request. An endpoint alone does not say
/// whether its caller speaks gRPC: a method may be mapped for JSON too.
/// </summary>
internal sealed class Call
{
    private readonly Endpoint? _endpoint;

    private Call(HttpContext context)
    {
        _endpoint = context.GetEndpoint();
        IMethod? method = _endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        Method = method?.FullName;
        IsStream = method is not (null or { Type: MethodType.Unary });
        IsAnswerStream = method is { Type: MethodType.ServerStreaming };
        IsProbe = _endpoint?.Metadata.GetMetadata<Probe>() is not null;
        IsGrpc = SpeaksGrpc(context.Request);
    }

    /// <summary>Whether the caller speaks gRPC, or gRPC-Web, and so reads a refusal in gRPC's terms.</summary>
    public bool IsGrpc { get; }

    /// <summary>Whether it is for a method, in whatever protocol, or means to be: health over HTTP is not.</summary>
    public bool IsCall => IsGrpc || Method is not null;

    /// <summary>Such as <c>/users.v1.UserService/GetUser</c>; null where the request is for no method that the server has.</summary>
    public string? Method { get; }

    /// <summary>Whether messages flow one after another, in either direction.</summary>
    public bool IsStream { get; }

    /// <summary>Whether it is one request with a stream of answers, which ends by itself.</summary>
    public bool IsAnswerStream { get; }

    /// <summary>Whether it asks for the server's health.</summary>
    public bool IsProbe { get; }

    /// <summary>The same of a request whose endpoint is not known yet.</summary>
    public static bool SpeaksGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is true;

    public static Call Of(HttpContext context)
    {
        // A middleware may send a request to another endpoint.
        if (context.Features.Get<Call>() is { } known && known._endpoint == context.GetEndpoint())
        {
            return known;
        }

        var call = new Call(context);
        context.Features.Set(call);
        return call;
    }
}

/// <summary>Marks an endpoint that answers how healthy the server is: it answers until the process ends, beyond every limit and without a token.</summary>
internal sealed class Probe;
