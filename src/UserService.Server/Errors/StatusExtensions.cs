using System.Globalization;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Users.Server.Errors;

internal static class StatusExtensions
{
    /// <summary>The trailer that Grpc.Net.Client reads for its next retry; RetryInfo in the details is for applications.</summary>
    public const string PushbackTrailer = "grpc-retry-pushback-ms";

    /// <summary>The types of the details, for those who write a status in JSON.</summary>
    public static readonly TypeRegistry DetailTypes = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);

    public static RpcException ToException(this Status status)
    {
        RpcException exception = status.ToRpcException();
        var failure = new CallFailure(exception.Status, exception.Trailers);
        if (status.GetDetail<RetryInfo>() is { } retry)
        {
            failure.Trailers.Add(PushbackTrailer, retry.RetryDelay.ToTimeSpan().TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
        }

        return failure;
    }
}
