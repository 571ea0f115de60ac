using System.Buffers.Binary;

namespace Users.Benchmarks.Load.Wire;

/// <summary>What a frame of settings holds (RFC 9113, section 6.5): pairs of a number in two bytes and a value in four.</summary>
internal static class Settings
{
    private const int PairLength = 6;
    private const int InitialWindowSize = 4;

    /// <summary>How many bytes the server takes on a new stream, if it says so.</summary>
    public static long? InitialWindow(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= PairLength; settings = settings[PairLength..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(settings) == InitialWindowSize)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(settings[sizeof(ushort)..]);
            }
        }

        return null;
    }
}
