using System.Buffers;
using System.Text;
using Grpc.Core;

namespace StandIns.Tests;

public sealed class MarshallerTests
{
    [Fact]
    public void Plain_functions_work_through_contexts()
    {
        Marshaller<string> marshaller = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
        BufferContext context = new();

        marshaller.ContextualSerializer("é", context);

        Assert.Equal("é"u8.ToArray(), context.Payload);
        Assert.Equal("é", marshaller.ContextualDeserializer(new PayloadContext(context.Payload)));
    }

    [Fact]
    public void Contextual_functions_are_handed_the_engine_s_contexts()
    {
        Marshaller<string> marshaller = Marshallers.Create(WriteToBuffer, ReadSequence);
        BufferContext context = new();

        marshaller.ContextualSerializer("abc", context);

        Assert.Equal("abc"u8.ToArray(), context.Payload);
        Assert.Equal(3, context.AnnouncedLength);
        Assert.Equal("abc", marshaller.ContextualDeserializer(new PayloadContext(context.Payload)));
    }

    [Fact]
    public void Null_functions_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Marshaller<string>(null!, Encoding.UTF8.GetString));
        Assert.Throws<ArgumentNullException>(() => new Marshaller<string>(Encoding.UTF8.GetBytes, null!));
        Assert.Throws<ArgumentNullException>(() => new Marshaller<string>(null!, ReadSequence));
        Assert.Throws<ArgumentNullException>(() => new Marshaller<string>(WriteToBuffer, null!));
    }

    private static void WriteToBuffer(string text, SerializationContext context)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        context.SetPayloadLength(bytes.Length);
        context.GetBufferWriter().Write(bytes);
        context.Complete();
    }

    private static string ReadSequence(DeserializationContext context) =>
        Encoding.UTF8.GetString(context.PayloadAsReadOnlySequence());

    private sealed class BufferContext : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> _writer = new();

        public int AnnouncedLength { get; private set; }

        public byte[] Payload { get; private set; } = [];

        public override void SetPayloadLength(int payloadLength) => AnnouncedLength = payloadLength;

        public override IBufferWriter<byte> GetBufferWriter() => _writer;

        public override void Complete(byte[] payload) => Payload = payload;

        public override void Complete() => Payload = _writer.WrittenSpan.ToArray();
    }

    private sealed class PayloadContext(byte[] payload) : DeserializationContext
    {
        public override int PayloadLength => payload.Length;

        public override byte[] PayloadAsNewBuffer() => [.. payload];

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
    }
}
