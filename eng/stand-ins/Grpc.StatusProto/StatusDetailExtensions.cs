using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Google.Rpc;

/// <summary>The newer Google.Api.CommonProtos has this as a method of the message; a call reads the same with either.</summary>
public static class StatusDetailExtensions
{
    public static T? GetDetail<T>(this Status status)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(status);
        foreach (Any detail in status.Details)
        {
            if (detail.TryUnpack(out T message))
            {
                return message;
            }
        }

        return null;
    }
}
