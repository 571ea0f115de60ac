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

    public UserStore Open(TimeProvider? time = null, Action<UserStoreOptions>? configure = null)
    {
        var options = new UserStoreOptions { ConnectionString = $"Data Source={Database}" };
        configure?.Invoke(options);
        return UserStore.Open(options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>A test class with one open store.</summary>
public abstract class StoreTests : IDisposable
{
    private readonly TestFolder _folder = TestFolder.WithDatabase();

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
