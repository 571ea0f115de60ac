using Users.Data.Sqlite.FastPath;

namespace Users.Data.Tests.FastPath;

/// <summary>The budgets of the fast path alone.</summary>
public sealed class FastStatementCountTests() : StatementCountTests(FastPathOption.UseFastPath)
{
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
    public async Task Batches_that_wait_share_one_commit() => Assert.Equal((200 + 2, 1), await CountAsync(async () =>
    {
        // By a delete, of two queries.
        using HeldWriter holding = Hold();
        Task[] batches = [.. NewUsers(10_000).Chunk(UserRepository.MaxBatch).Select(batch => Repository.CreateManyAsync(batch, Cancellation))];
        await holding.ReleaseAsync();
        await Task.WhenAll(batches);
    }));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(49, 49)]
    [InlineData(50, 1)]
    [InlineData(ChatLog.MaxPost, 5 + 6)]
    public async Task A_post_is_a_query_for_each_fifty_messages_and_for_each_of_the_rest_and_three_beside(int messages, int queries)
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((3 + queries, 1), await CountAsync(() =>
            Store.Chat.PostAsync("lobby", ada.Id, [.. Enumerable.Repeat("hello", messages)], Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Store.Chat.PostAsync("lobby", "nobody", ["hello"], Cancellation)));
    }
}
