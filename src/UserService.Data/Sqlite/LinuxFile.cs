using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Users.Data.Sqlite;

/// <summary>What Linux says of a file, and .NET does not: <c>statx</c>, whose layout is the same on every processor (statx(2)).</summary>
/// <param name="Device">Of the file system, its major and minor number.</param>
/// <param name="Inode">The file itself, whatever its names.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="IsMountPoint">Something is mounted there; false where the kernel does not say, before 5.8.</param>
internal readonly record struct LinuxFile(ulong Device, ulong Inode, uint Links, bool IsMountPoint)
{
    private const int CurrentDirectory = -100;
    private const uint BasicStats = 0x7ff;
    private const ulong MountRoot = 0x2000;

    /// <summary>The file that the path names; null: there is none, or this is not Linux.</summary>
    public static LinuxFile? At(string path)
    {
        byte[] stat = new byte[256];
        return OperatingSystem.IsLinux() && Statx(CurrentDirectory, path, 0, BasicStats, stat) == 0
            ? new LinuxFile(
                BinaryPrimitives.ReadUInt64LittleEndian(stat.AsSpan(136)),
                BinaryPrimitives.ReadUInt64LittleEndian(stat.AsSpan(32)),
                BinaryPrimitives.ReadUInt32LittleEndian(stat.AsSpan(16)),
                (BinaryPrimitives.ReadUInt64LittleEndian(stat.AsSpan(8)) & MountRoot) != 0)
            : null;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] stat);
}
