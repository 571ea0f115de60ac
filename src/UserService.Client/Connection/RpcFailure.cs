using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Users.Client.Connection;

/// <summary>
/// A failed call as a program reads it: branch on the code and the <see cref="Reason"/>, show the text, act on the details.
/// All of it comes from the server, so none of it is trusted.
/// </summary>
internal sealed partial record RpcFailure(StatusCode Code, string Text, string? Domain, string? Reason, IReadOnlyList<string> Details)
{
    public const string TokenMissing = "TOKEN_MISSING";
    public const string TokenExpired = "TOKEN_EXPIRED";

    /// <summary>How long the server asks to wait before the next try; null if it does not ask.</summary>
    public TimeSpan? RetryDelay { get; private init; }

    public static RpcFailure Read(RpcException exception)
    {
        // The details travel as a google.rpc.Status in the trailer grpc-status-details-bin; without ignoreParseError one that is no
        // such message would throw here, and hide the failure that it came with.
        return Read(exception.StatusCode, exception.Status.Detail, exception.Trailers.GetRpcStatus(ignoreParseError: true));
    }

    /// <summary>One of the failures that an answer lists.</summary>
    public static RpcFailure Read(Google.Rpc.Status status) => Read((StatusCode)status.Code, status.Message, status);

    /// <summary>A code as the protocol's documents write it, such as <c>NOT_FOUND</c>.</summary>
    public static string NameOf(StatusCode code) => WordStart().Replace(code.ToString(), "_").ToUpperInvariant();

    private static RpcFailure Read(StatusCode code, string text, Google.Rpc.Status? status)
    {
        ErrorInfo? info = Detail<ErrorInfo>(status);
        return new(code, text, info?.Domain, info?.Reason, [.. Describe(status)])
        {
            RetryDelay = Detail<RetryInfo>(status)?.RetryDelay is { } delay ? Wait(delay) : null,
        };
    }

    private static IEnumerable<string> Describe(Google.Rpc.Status? status)
    {
        foreach (BadRequest.Types.FieldViolation violation in Detail<BadRequest>(status)?.FieldViolations ?? [])
        {
            yield return $"BadRequest: {violation.Field}: {violation.Description}";
        }

        if (Detail<ResourceInfo>(status) is { } resource)
        {
            yield return $"ResourceInfo: {resource.ResourceType} {resource.ResourceName}";
        }

        if (Detail<RetryInfo>(status)?.RetryDelay is { } delay)
        {
            yield return $"RetryInfo: again in {delay}";
        }

        if (Detail<RequestInfo>(status) is { } request)
        {
            yield return $"RequestInfo: {request.RequestId}";
        }
    }

    private static TimeSpan Wait(Duration delay) => TimeSpan.FromSeconds(Math.Clamp(delay.Seconds + (delay.Nanos / 1e9), 0, 60));

    private static T? Detail<T>(Google.Rpc.Status? status)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return status?.GetDetail<T>();
        }
        catch (InvalidProtocolBufferException)
        {
            // A detail that is not what its type says.
            return null;
        }
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
