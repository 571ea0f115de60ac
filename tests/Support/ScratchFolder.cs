namespace Users.Tests.Support;

/// <summary>
/// A folder for one test's files, deleted afterwards. It is in memory where the system has a place for it, so that no test waits for a
/// disk's syncs; a test that is about them makes its folder with <see cref="Directory.CreateTempSubdirectory"/>.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    // Linux keeps what is below in memory. Some containers leave it 64 MB.
    private const string Memory = "/dev/shm";
    private const long NeededBytes = 1L << 30;

    /// <summary>Where all of these folders are.</summary>
    public static string Root { get; } = IsRoomy(Memory) ? Memory : System.IO.Path.GetTempPath();

    public ScratchFolder(string prefix = "users-") =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(Root, $"{prefix}{Guid.NewGuid():n}")).FullName;

    public string Path { get; }

    /// <summary>The path of a file in it, which need not exist.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static bool IsRoomy(string folder) =>
        OperatingSystem.IsLinux() && Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace >= NeededBytes;
}
