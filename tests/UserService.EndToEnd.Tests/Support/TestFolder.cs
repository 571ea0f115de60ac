using Users.Tests.Support;

namespace Users.EndToEnd.Tests.Support;

/// <summary>A folder of its own, deleted afterwards; in memory where there is room.</summary>
/// <param name="onDisk">For a test of what the disk is asked for.</param>
internal sealed class TestFolder(bool onDisk = false) : IDisposable
{
    private const string Prefix = "users-end-to-end-";

    public string Path { get; } = onDisk ? Directory.CreateTempSubdirectory(Prefix).FullName : new ScratchFolder(Prefix).Path;

    public string Database => File("users.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
