using Google.Protobuf;

namespace Grpc.Core;

public static class MetadataExtensions
{
    /// <summary>The trailer that every gRPC implementation keeps a serialized google.rpc.Status in.</summary>
    private const string StatusDetailsTrailerName = "grpc-status-details-bin";

    public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool ignoreParseError = false)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        byte[]? details = metadata.GetValueBytes(StatusDetailsTrailerName);
        if (details is null)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(details);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }

    public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(status);
        metadata.Add(StatusDetailsTrailerName, status.ToByteArray());
    }
}
