namespace Users.EndToEnd.Tests.Support;

/// <summary>A folder of its own, deleted afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-end-to-end-");

    public string Path => _folder.FullName;

    public string Database => File("users.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
