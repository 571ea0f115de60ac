namespace Users.EndToEnd.Tests.Support;

/// <summary>A folder of its own, deleted afterwards. In memory where there is room: a sync of the disk takes longer than all else.</summary>
/// <param name="onDisk">For a test of what the disk is asked for.</param>
internal sealed class TestFolder(bool onDisk = false) : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Room = 1L << 30;

    private readonly DirectoryInfo _folder = !onDisk && OperatingSystem.IsLinux() && HasRoom()
        ? Directory.CreateDirectory(
            $"{Memory}/users-end-to-end-{Guid.NewGuid():n}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
        : Directory.CreateTempSubdirectory("users-end-to-end-");

    public string Path => _folder.FullName;

    public string Database => File("users.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool HasRoom() => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room;
}
