namespace Users.Data.Tests;

/// <summary>
/// How many queries and commits each call of the store takes: counted exactly, so a budget is what was counted. Here are those that are
/// the same on every engine.
/// </summary>
public abstract class StatementCountTests : StoreTests
{
    private const int FirstPageSize = 50;
    private const int PageSize = 500;

    private readonly Statements _statements;

    protected StatementCountTests(Action<UserStoreOptions>? path)
        : this(path, new Statements())
    {
    }

    private StatementCountTests(Action<UserStoreOptions>? path, Statements statements)
        : base(path, configure: null, statements)
    {
        _statements = statements;
        // Opens the connection that every read of one test uses.
        Store.CheckAsync(Cancellation).Wait(Cancellation);
    }

    protected static NewUser Ada { get; } = new("Ada", "ada@example.org", Guid.NewGuid());

    [Fact]
    public async Task A_look_up_is_one_query() =>
        Assert.Equal((1, 0), await CountAsync(() => Repository.FindAsync("nobody", Cancellation).AsTask()));

    [Fact]
    public async Task A_check_is_one_query() => Assert.Equal((1, 0), await CountAsync(() => Store.CheckAsync(Cancellation)));

    // A page that is not full is the last; after a full one only another query tells.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(FirstPageSize - 1, 1)]
    [InlineData(FirstPageSize, 2)]
    [InlineData(FirstPageSize + 1, 2)]
    [InlineData(FirstPageSize + PageSize - 1, 2)]
    [InlineData(FirstPageSize + PageSize, 3)]
    [InlineData(FirstPageSize + (3 * PageSize) - 1, 4)]
    public async Task A_list_is_a_query_for_each_page(int users, int queries)
    {
        foreach (NewUser[] batch in NewUsers(users).Chunk(UserRepository.MaxBatch))
        {
            await Repository.CreateManyAsync(batch, Cancellation);
        }

        Assert.Equal((queries, 0), await CountAsync(async () =>
        {
            await foreach (IReadOnlyList<User> page in Repository.ListPagesAsync(null, long.MaxValue, Cancellation))
            {
                Assert.NotEmpty(page);
            }
        }));
    }

    [Fact]
    public async Task A_list_that_needs_no_more_users_asks_for_none()
    {
        await Repository.CreateManyAsync([.. NewUsers(2 * PageSize)], Cancellation);

        Assert.Equal((2, 0), await CountAsync(
            async () => await Repository.ListPagesAsync(null, FirstPageSize + PageSize, Cancellation).CountAsync(Cancellation)));
    }

    [Fact]
    public async Task An_update_is_a_query_and_a_statement_where_it_changes_something()
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((2, 1), await CountAsync(() => Repository.UpdateAsync(new(ada.Id, "Eve", "eve@example.org", ada.Etag), Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.UpdateAsync(new(ada.Id, "Eve", null, "stale"), Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.UpdateAsync(new("nobody", "Eve", null), Cancellation)));
    }

    [Fact]
    public async Task A_delete_is_one_query_and_a_second_one_to_note_its_id_or_say_why_not()
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((2, 1), await CountAsync(() => Repository.DeleteAsync(ada.Id, "stale", Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.DeleteAsync(ada.Id, ada.Etag, Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.DeleteAsync(ada.Id, null, Cancellation)));
    }

    [Fact]
    public async Task Following_a_room_is_one_query_and_none_for_each_message_that_comes()
    {
        User ada = await CreateAsync("Ada");
        ChatSubscription? lobby = null;
        Assert.Equal((1, 0), await CountAsync(async () => lobby = await Store.Chat.SubscribeAsync("lobby", null, Cancellation)));
        await Store.Chat.PostAsync("lobby", ada.Id, [.. Enumerable.Repeat("hello", 100)], Cancellation);

        Assert.Equal((0, 0), await CountAsync(async () =>
        {
            while (lobby!.Position < lobby.End)
            {
                await lobby.ReadAsync(Cancellation);
            }
        }));
        lobby!.Dispose();
    }

    // One query reads as many messages as a reader takes at once.
    [Fact]
    public async Task A_replay_is_a_query_for_each_read()
    {
        User ada = await CreateAsync("Ada");
        await Store.Chat.PostAsync("lobby", ada.Id, [.. Enumerable.Repeat("hello", 3 * ChatSubscription.MaxRead)], Cancellation);
        using ChatSubscription lobby = (await Store.Chat.SubscribeAsync("lobby", 0, Cancellation))!;

        Assert.Equal((3, 0), await CountAsync(async () =>
        {
            while (lobby.Position < lobby.End)
            {
                await lobby.ReadAsync(Cancellation);
            }
        }));
    }

    protected static IEnumerable<NewUser> NewUsers(int count) =>
        Enumerable.Range(0, count).Select(i => new NewUser($"User {i}", $"{i}@example.org", Guid.NewGuid()));

    protected Task<(int Queries, int Commits)> CountAsync(Func<Task> call) => _statements.CountAsync(call);
}
