using Microsoft.Extensions.Logging.Abstractions;
using Users.Data;
using Users.Data.Sqlite.FastPath;

namespace Users.Benchmarks.Hot;

/// <summary>A store in a folder of its own, with users in it. Disposing it leaves neither.</summary>
internal sealed class HotStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("users-hot-");
    private readonly UserStore _store;

    public HotStore(int users)
    {
        var options = new UserStoreOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "users.db")}" };
        options.UseFastPath();
        _store = UserStore.Open(
            options,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        Ids = [.. Enumerable.Range(0, users / UserRepository.MaxBatch).SelectMany(_ => CreateBatch())];
    }

    public UserRepository Users => _store.Users;

    public ChatLog Chat => _store.Chat;

    public string[] Ids { get; }

    /// <summary>Users that nobody has created before.</summary>
    public static NewUser[] NewUsers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new NewUser("Ada Lovelace", $"{Guid.CreateVersion7():n}@example.com"))];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    private string[] CreateBatch() =>
    [
        .. Users.CreateManyAsync(NewUsers(UserRepository.MaxBatch), CancellationToken.None).GetAwaiter().GetResult()
            .Select(write => write.User!.Id),
    ];
}
