using System.Buffers;

namespace Grpc.Core;

/// <summary>Runs a contextual serializer where a plain array is wanted.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? _writer;
    private byte[]? _payload;

    internal byte[] Payload => _payload ?? throw new InvalidOperationException("The serializer did not complete its payload.");

    public override void Complete(byte[] payload)
    {
        if (_payload is not null)
        {
            throw new InvalidOperationException("The payload is already complete.");
        }

        _payload = payload;
    }

    public override IBufferWriter<byte> GetBufferWriter() => _writer ??= new ArrayBufferWriter<byte>();

    public override void Complete() => Complete(_writer?.WrittenSpan.ToArray() ?? []);
}

/// <summary>Runs a contextual deserializer over a plain array.</summary>
internal sealed class ArrayDeserializationContext(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public override byte[] PayloadAsNewBuffer() => [.. payload];
}
