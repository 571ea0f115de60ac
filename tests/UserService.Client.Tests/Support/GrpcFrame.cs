using System.Buffers.Binary;
using Google.Protobuf;

namespace Users.Client.Tests.Support;

/// <summary>gRPC's framing of a message: a byte for compression, four for the length, then the message.</summary>
internal static class GrpcFrame
{
    private const int HeaderLength = 5;

    public static byte[] Write(IMessage message)
    {
        byte[] frame = new byte[HeaderLength + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.CalculateSize());
        message.ToByteArray().CopyTo(frame, HeaderLength);
        return frame;
    }

    /// <returns>The first message of a body; empty if there is none.</returns>
    public static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] header = new byte[HeaderLength];
        if (await body.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken) < HeaderLength)
        {
            return [];
        }

        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancellationToken);
        return message;
    }
}
