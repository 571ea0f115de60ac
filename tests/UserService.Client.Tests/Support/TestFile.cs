using System.Text;

namespace Users.Client.Tests.Support;

/// <summary>A file in a folder of its own, gone with the test.</summary>
internal sealed class TestFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-client-tests-");

    public TestFile(string name) => Path = System.IO.Path.Combine(_folder.FullName, name);

    public TestFile(string name, string text)
        : this(name) => File.WriteAllBytes(Path, Encoding.UTF8.GetBytes(text));

    public string Path { get; }

    public string Text => File.ReadAllText(Path);

    public void Dispose() => _folder.Delete(recursive: true);
}
