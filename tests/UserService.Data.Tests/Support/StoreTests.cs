using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Users.Data.Tests;

/// <summary>
/// A test class with one open store. Those of the repository and the chat log run on every engine; a difference is a fault.
/// </summary>
public abstract class StoreTests : IDisposable
{
    private readonly WriterGate _gate = new();
    private readonly Action<UserStoreOptions>? _configure;

    protected StoreTests(Action<UserStoreOptions>? path, Action<UserStoreOptions>? configure = null, params IReadOnlyList<IInterceptor> interceptors)
    {
        _configure = path + configure;
        Store = Folder.Open(Time, _configure, [_gate, .. interceptors]);
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A clock that stands still until a test sets it. Its first time is not a whole number of microseconds.</summary>
    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567));

    protected TestFolder Folder { get; } = TestFolder.WithDatabase();

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
        Folder.Dispose();
    }

    /// <summary>Another store, on the same clock and path.</summary>
    protected UserStore Open(TestFolder folder, Action<UserStoreOptions>? configure = null, params IReadOnlyList<IInterceptor> interceptors) =>
        folder.Open(Time, _configure + configure, interceptors);

    /// <summary>Keeps the writer in a transaction that has just begun; what is queued meanwhile joins it.</summary>
    protected HeldWriter Hold() => _gate.Hold(Store);

    /// <summary>Keeps the writer in the transaction that is held, or is the next, once its items have run.</summary>
    protected HeldWriter HoldCommit() => _gate.HoldCommit();

    /// <summary>Creates a user that the test expects to be new.</summary>
    protected async Task<User> CreateAsync(string name, string? email = null, Guid? requestId = null)
    {
        UserWrite write = await Repository.CreateAsync(new NewUser(name, email ?? $"{name}@example.org", requestId), Cancellation);
        Assert.Equal(UserWriteStatus.Done, write.Status);
        return write.User!;
    }
}
