using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf.Reflection;

namespace Users.Server.Tests.Properties.Hostile;

/// <summary>The body of a call: gRPC's frames, whole and broken, of messages, whole and broken.</summary>
internal sealed record BrokenBytes(MethodDescriptor Method, string Encoding, byte[] Body)
{
    private static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(value => (byte)value);

    private static readonly Gen<byte[]> Garbage = Byte.ListOf().Select(bytes => bytes.ToArray());

    public static Gen<BrokenBytes> Any(HostileMessages messages) =>
        from method in Gen.Elements(HostileMessages.Methods)
        from frames in AnyFrame(messages, method.InputType).ListOf(method.IsClientStreaming ? 4 : 1)
        from body in Mutated([.. frames.SelectMany(frame => frame)])
        from encoding in Gen.Elements("identity", "identity", "gzip", "zip")
        select new BrokenBytes(method, encoding, body);

    public IEnumerable<BrokenBytes> Shrink() => Property.Shorter(Body).Select(body => this with { Body = [.. body] });

    public override string ToString() => $"{Method.Name} {Encoding} {Convert.ToHexString(Body)}";

    private static byte[] Compressed(byte[] message)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return compressed.ToArray();
    }

    private static Gen<byte[]> AnyFrame(HostileMessages messages, MessageDescriptor type) => Gen.Frequency(
        (4, messages.Encoded(type).Select(message => Frame(0, message.Length, message))),
        (1, messages.Encoded(type).Select(Compressed).Select(message => Frame(1, message.Length, message))),
        (1, Gen.Choose(0, 1_000_000).Select(size => Compressed(new byte[size])).Select(bomb => Frame(1, bomb.Length, bomb))),
        (3, Garbage.Select(garbage => Frame(0, garbage.Length, garbage))),
        (1, from flag in Byte
            from garbage in Garbage
            select Frame(flag, garbage.Length, garbage)),
        (1, from length in Gen.Elements(-1, 1, int.MaxValue, int.MinValue, 65_536, 65_537)
            from garbage in Garbage
            select Frame(0, length, garbage)),
        (1, Garbage));

    private static byte[] Frame(byte flag, int length, byte[] payload)
    {
        byte[] header = [flag, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), length);
        return [.. header, .. payload];
    }

    private static Gen<byte[]> Mutated(byte[] body) => body.Length == 0 ? Gen.Constant(body) : Gen.Frequency(
        (2, Gen.Constant(body)),
        (4, from places in Gen.Choose(0, (body.Length * 8) - 1).NonEmptyListOf() select Flipped(body, places)),
        (2, from length in Gen.Choose(0, body.Length - 1) select body[..length]),
        (1, from start in Gen.Choose(0, body.Length - 1)
            from end in Gen.Choose(start, body.Length)
            select (byte[])[.. body[..end], .. body[start..]]));

    private static byte[] Flipped(byte[] body, IEnumerable<int> bits)
    {
        byte[] flipped = [.. body];
        foreach (int bit in bits)
        {
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return flipped;
    }
}
