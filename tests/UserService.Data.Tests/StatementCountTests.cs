namespace Users.Data.Tests;

/// <summary>How many queries and commits each call of the store takes: counted exactly, so a budget is what was counted.</summary>
public sealed class StatementCountTests : StoreTests
{
    private const int PageSize = 500;

    private static readonly NewUser Ada = new("Ada", "ada@example.org", Guid.NewGuid());

    [Fact]
    public async Task A_look_up_is_one_query() =>
        Assert.Equal((1, 0), await CountAsync(() => Repository.FindAsync("nobody", Cancellation).AsTask()));

    [Fact]
    public async Task A_check_is_one_query() => Assert.Equal((1, 0), await CountAsync(() => Store.CheckAsync(Cancellation)));

    // A page that is not full is the last; after a full one only another query tells.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(PageSize - 1, 1)]
    [InlineData(PageSize, 2)]
    [InlineData(PageSize + 1, 2)]
    [InlineData(4 * PageSize - 1, 4)]
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

        Assert.Equal((1, 0), await CountAsync(async () => await Repository.ListPagesAsync(null, PageSize, Cancellation).CountAsync(Cancellation)));
    }

    [Fact]
    public async Task A_create_is_one_query_and_a_second_one_only_where_its_request_id_may_be_known()
    {
        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateAsync(new("Eve", "eve@example.org"), Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateAsync(Ada, Cancellation)));
        // Without a request id, the email is what is taken.
        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateAsync(Ada with { RequestId = null }, Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.CreateAsync(Ada, Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.CreateAsync(Ada with { Name = "Eve" }, Cancellation)));
    }

    [Fact]
    public async Task An_update_is_two_queries()
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((2, 1), await CountAsync(() => Repository.UpdateAsync(new(ada.Id, "Eve", "eve@example.org", ada.Etag), Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.UpdateAsync(new(ada.Id, "Eve", null, "stale"), Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.UpdateAsync(new("nobody", "Eve", null), Cancellation)));
    }

    [Fact]
    public async Task A_delete_is_one_query_and_a_second_one_only_to_say_why_not()
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((2, 1), await CountAsync(() => Repository.DeleteAsync(ada.Id, "stale", Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.DeleteAsync(ada.Id, ada.Etag, Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.DeleteAsync(ada.Id, null, Cancellation)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(49, 49)]
    [InlineData(50, 1)]
    [InlineData(51, 2)]
    [InlineData(1_000, 20)]
    public async Task A_batch_is_a_query_for_each_fifty_users_and_for_each_of_the_rest_and_one_commit(int users, int queries) =>
        Assert.Equal((queries, 1), await CountAsync(() => Repository.CreateManyAsync([.. NewUsers(users)], Cancellation)));

    [Fact]
    public async Task Users_that_exist_cost_their_fifty_a_query_each_and_themselves_another()
    {
        NewUser[] batch = [.. NewUsers(150)];
        await Repository.CreateManyAsync([batch[70], batch[80]], Cancellation);

        Assert.Equal((3 + 50 + 2, 1), await CountAsync(() => Repository.CreateManyAsync(batch, Cancellation)));
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_costs_a_query_for_each_fifty_users_and_one_for_each()
    {
        NewUser[] batch = [.. NewUsers(100)];
        await Repository.CreateManyAsync(batch, Cancellation);

        Assert.Equal((2 + 100, 1), await CountAsync(() => Repository.CreateManyAsync(batch, Cancellation)));
    }

    [Fact]
    public async Task Batches_that_wait_share_one_commit() => Assert.Equal((200, 1), await CountAsync(async () =>
    {
        using var holding = new HeldWriter(Store.Writer);
        Task[] batches = [.. NewUsers(10_000).Chunk(UserRepository.MaxBatch).Select(batch => Repository.CreateManyAsync(batch, Cancellation))];
        await holding.ReleaseAsync();
        await Task.WhenAll(batches);
    }));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(49, 49)]
    [InlineData(50, 1)]
    [InlineData(ChatLog.MaxPost, 5 + 6)]
    public async Task A_post_is_a_query_for_each_fifty_messages_and_for_each_of_the_rest_and_two_before(int messages, int queries)
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((2 + queries, 1), await CountAsync(() =>
            Store.Chat.PostAsync("lobby", ada.Id, [.. Enumerable.Repeat("hello", messages)], Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Store.Chat.PostAsync("lobby", "nobody", ["hello"], Cancellation)));
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

    private static IEnumerable<NewUser> NewUsers(int count) =>
        Enumerable.Range(0, count).Select(i => new NewUser($"User {i}", $"{i}@example.org", Guid.NewGuid()));

    private async Task<(int Queries, int Commits)> CountAsync(Func<Task> call) => await (await Statements.OfAsync(Store)).CountAsync(call);
}
