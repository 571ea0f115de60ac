using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Users.Tests.Support;

namespace Users.Data.Tests;

/// <summary>A folder of its own with a place for a database, deleted afterwards.</summary>
public sealed class TestFolder : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public string Path => _folder.Path;

    public string Database => File("users.db");

    /// <summary>One whose database has been opened before.</summary>
    public static TestFolder WithDatabase()
    {
        var folder = new TestFolder();
        EmptyDatabase.WriteTo(folder.Database);
        return folder;
    }

    public string File(string name) => _folder.File(name);

    public UserStore Open(
        TimeProvider? time = null, Action<UserStoreOptions>? configure = null, params IReadOnlyList<IInterceptor> interceptors)
    {
        var options = new UserStoreOptions { ConnectionString = $"Data Source={Database}" };
        configure?.Invoke(options);
        return UserStore.OpenWatched(options, time ?? TimeProvider.System, NullLoggerFactory.Instance, interceptors);
    }

    public void Dispose() => _folder.Dispose();
}
