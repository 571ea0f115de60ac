using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Users.Data.Tests;

public sealed class EfStoreLogTests() : StoreLogTests(path: null);

public abstract class StoreLogTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly LogLines _lines = new();
    private readonly ILoggerFactory _logging;
    private readonly WriterGate _gate = new();
    private readonly UserStore _store;

    protected StoreLogTests(Action<UserStoreOptions>? path)
    {
        _logging = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_lines));
        var options = new UserStoreOptions { ConnectionString = $"Data Source={_folder.Database}" };
        path?.Invoke(options);
        _store = UserStore.OpenWatched(
            options,
            new FakeTimeProvider(),
            _logging,
            [_gate]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _logging.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Everyday_calls_log_nothing_above_debug_and_no_name_or_email_at_all()
    {
        Assert.Contains(
            _lines.All, line => line.Text == $"Opened the database {_store.Place}, running {_store.Engine.Migrations} migrations.");
        int opened = _lines.All.Count;

        User ada = (await _store.Users.CreateAsync(new NewUser("Ada Secret", "secret@example.org", Guid.NewGuid()), Cancellation)).User!;
        await _store.Users.CreateAsync(new NewUser("Ben Secret", "SECRET@example.org"), Cancellation);
        await _store.Users.CreateManyAsync(
            [new NewUser("Cyd Secret", "secret@example.org"), new NewUser("Dot Secret", "dot.secret@example.org")], Cancellation);
        await _store.Users.UpdateAsync(new UserChange(ada.Id, "Secret Ada", "secret@example.com", ada.Etag), Cancellation);
        await _store.Users.UpdateAsync(new UserChange(ada.Id, null, "dot.secret@example.org", "0123456789abcdef"), Cancellation);
        await _store.Chat.PostAsync("lobby", ada.Id, "a secret", Cancellation);
        await _store.Users.DeleteAsync(ada.Id, null, Cancellation);

        Assert.DoesNotContain(_lines.All, line => line.Text.Contains("secret", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(_lines.All.Skip(opened), line => line.Level > LogLevel.Debug);
        Assert.Contains(_lines.All, line => line.Text.Contains("Executed DbCommand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_commit_that_fails_is_logged_once_with_the_number_of_writes_it_cost()
    {
        Trap.FailCommit(_folder.Database, "orphan");
        Task<UserWrite> create;
        using (HeldWriter holding = _gate.Hold(_store))
        {
            create = _store.Users.CreateAsync(new NewUser("Ada", "ada@example.org"), Cancellation);
            Task failing = _store.Users.CreateAsync(new NewUser("orphan", "orphan@example.org"), Cancellation);
            holding.Release();
            await Assert.ThrowsAnyAsync<DbException>(() => failing);
        }

        await Assert.ThrowsAnyAsync<DbException>(() => create);
        Assert.Equal(
            "A commit failed, and with it 3 writes.",
            Assert.Single(_lines.All, line => line.Source == typeof(UserStore).FullName && line.Level == LogLevel.Error).Text);
        Assert.Equal(UserWriteStatus.Done, (await _store.Users.CreateAsync(new NewUser("Ada", "ada@example.org"), Cancellation)).Status);
    }
}
