using Microsoft.Extensions.Logging.Abstractions;
using Users.Data;

namespace Users.Tests.Support;

/// <summary>
/// A database as its first start leaves it: migrated, empty, and still new to <see cref="UserStore.IsNew"/>. It is made once in a test
/// process and then copied, since the migrations take longer than most tests.
/// </summary>
public static class EmptyDatabase
{
    private static readonly Lazy<byte[]> Content = new(Make);

    /// <summary>Puts one where there is no file yet.</summary>
    public static void WriteTo(string path) => File.WriteAllBytes(path, Content.Value);

    private static byte[] Make()
    {
        using var folder = new ScratchFolder();
        string path = folder.File("users.db");
        UserStore.Open(new UserStoreOptions { ConnectionString = $"Data Source={path}" }, TimeProvider.System, NullLoggerFactory.Instance).Dispose();
        return File.ReadAllBytes(path);
    }
}
