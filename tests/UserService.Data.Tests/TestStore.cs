using Microsoft.Extensions.Logging.Abstractions;

namespace Users.Data.Tests;

/// <summary>A folder of its own with a real database file, deleted afterwards.</summary>
public sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-");

    public string Path => _folder.FullName;

    public string Database => File("users.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public UserStore Open(TimeProvider? time = null, Action<UserStoreOptions>? configure = null)
    {
        var options = new UserStoreOptions { ConnectionString = $"Data Source={Database}" };
        configure?.Invoke(options);
        return UserStore.Open(options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>A test class with one open store.</summary>
public abstract class StoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    protected StoreTests(Action<UserStoreOptions>? configure = null) => Store = _folder.Open(Time, configure);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected FakeTime Time { get; } = new();

    protected TestFolder Folder => _folder;

    protected UserStore Store { get; }

    protected UserRepository Repository => Store.Users;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Store.Dispose();
        _folder.Dispose();
    }

    /// <summary>Creates a user that the test expects to be new.</summary>
    protected async Task<User> CreateAsync(string name, string? email = null, Guid? requestId = null)
    {
        UserWrite write = await Repository.CreateAsync(new NewUser(name, email ?? $"{name}@example.org", requestId), Cancellation);
        Assert.Equal(UserWriteStatus.Done, write.Status);
        return write.User!;
    }
}
