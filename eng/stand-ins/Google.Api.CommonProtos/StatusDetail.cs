using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Google.Rpc;

public sealed partial class Status
{
    public T? GetDetail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (Any detail in Details)
        {
            if (detail.TryUnpack(out T message))
            {
                return message;
            }
        }

        return null;
    }
}
