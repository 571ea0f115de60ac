namespace Users.Data.Tests;

/// <summary>The budgets of EF Core alone, which inserts a row a statement, and looks first.</summary>
public sealed class EfStatementCountTests() : StatementCountTests(path: null)
{
    [Fact]
    public async Task A_create_looks_and_inserts()
    {
        Assert.Equal((2, 1), await CountAsync(() => Repository.CreateAsync(new("Eve", "eve@example.org"), Cancellation)));
        Assert.Equal((2, 1), await CountAsync(() => Repository.CreateAsync(Ada, Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateAsync(Ada with { RequestId = null }, Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateAsync(Ada, Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateAsync(Ada with { Name = "Eve" }, Cancellation)));
    }

    // The delete that is held takes two queries.
    [Fact]
    public async Task Creates_that_share_a_commit_look_once() => Assert.Equal((2 + 1 + 5, 1), await CountAsync(async () =>
    {
        using HeldWriter holding = Hold();
        Task<UserWrite>[] creates = [.. NewUsers(5).Select(user => Repository.CreateAsync(user, Cancellation))];
        await holding.ReleaseAsync();
        await Task.WhenAll(creates);
    }));

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1_000)]
    public async Task A_batch_looks_once_and_inserts_each_user_in_one_commit(int users) =>
        Assert.Equal((1 + users, 1), await CountAsync(() => Repository.CreateManyAsync([.. NewUsers(users)], Cancellation)));

    [Fact]
    public async Task A_batch_that_is_sent_again_looks_once()
    {
        NewUser[] batch = [.. NewUsers(100)];
        await Repository.CreateManyAsync(batch, Cancellation);

        Assert.Equal((1, 1), await CountAsync(() => Repository.CreateManyAsync(batch, Cancellation)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(ChatLog.MaxPost)]
    public async Task A_post_looks_twice_inserts_each_message_and_raises_the_room(int messages)
    {
        User ada = await CreateAsync("Ada");

        Assert.Equal((3 + messages, 1), await CountAsync(() =>
            Store.Chat.PostAsync("lobby", ada.Id, [.. Enumerable.Repeat("hello", messages)], Cancellation)));
        Assert.Equal((1, 1), await CountAsync(() => Store.Chat.PostAsync("lobby", "nobody", ["hello"], Cancellation)));
    }
}
