namespace Users.Benchmarks;

/// <summary>How many transactions SQLite counted in the database's write-ahead log, seen from outside.</summary>
internal static class CommitCount
{
    // https://sqlite.org/walformat.html, section 2.1: iChange, in the machine's own order of bytes.
    private const int Offset = 8;

    public static uint Read(string database)
    {
        // Only the processes that have the database open lock this file, so closing it here lets go of nothing.
        using var index = new FileStream(database + "-shm", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] count = new byte[sizeof(uint)];
        index.Position = Offset;
        index.ReadExactly(count);
        return BitConverter.ToUInt32(count);
    }
}
