using System.Buffers;

namespace Grpc.Core;

public abstract class SerializationContext
{
    public virtual void Complete(byte[] payload) =>
        throw new NotSupportedException("This serialization context does not take a finished payload.");

    public virtual IBufferWriter<byte> GetBufferWriter() =>
        throw new NotSupportedException("This serialization context has no buffer writer.");

    // Only a hint, so a context that has no use for it need not override it.
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    public virtual void Complete() =>
        throw new NotSupportedException("This serialization context has no buffer writer to complete.");
}
