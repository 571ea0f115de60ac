using System.Buffers.Binary;

namespace Users.Data.Tests;

/// <summary>Reads what has reached a database's write-ahead log (https://sqlite.org/fileformat2.html, section 4).</summary>
internal static class WriteAheadLog
{
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;

    /// <summary>How many transactions the log holds: the frames that end one carry the size of the database after it.</summary>
    public static int CountCommits(string database)
    {
        // SQLite keeps no locks on this file, so that closing it here takes none away.
        using var file = new FileStream(database + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] log = new byte[file.Length];
        file.ReadExactly(log);
        if (log.Length == 0)
        {
            return 0;
        }

        int pageSize = BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(8));
        ReadOnlySpan<byte> salt = log.AsSpan(16, 8);
        int commits = 0;
        for (int frame = HeaderSize; frame < log.Length; frame += FrameHeaderSize + pageSize)
        {
            // Frames of another salt are left over from before the log was last started again.
            bool current = log.AsSpan(frame + 8, 8).SequenceEqual(salt);
            commits += current && BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(frame + 4)) != 0 ? 1 : 0;
        }

        return commits;
    }
}
