using Google.Protobuf;

namespace Users.Benchmarks.Load;

/// <summary>Reads of a chat message only its place, so that a thousand listeners cost the load little.</summary>
internal static class Sequences
{
    private const uint Tag = (ChatMessageSequence << 3) | (uint)WireFormat.WireType.Varint;
    private const uint ChatMessageSequence = V1.ChatMessage.SequenceFieldNumber;

    /// <summary>The message's sequence, which has to be the one after <paramref name="last"/>.</summary>
    public static long Next(ReadOnlySpan<byte> message, long last)
    {
        long sequence = Of(message);
        return sequence == last + 1
            ? sequence
            : throw new InvalidOperationException($"Message {sequence} came after message {last}.");
    }

    private static long Of(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            ulong tag = Varint(ref message);
            ulong value = Varint(ref message);
            if (tag == Tag)
            {
                return (long)value;
            }

            // All other fields are texts and messages.
            message = message[(int)value..];
        }

        return 0;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        int i = 0;
        do
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
        }
        while ((bytes[i++] & 0x80) != 0);

        bytes = bytes[i..];
        return value;
    }
}
