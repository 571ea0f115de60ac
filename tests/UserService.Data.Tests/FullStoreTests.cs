namespace Users.Data.Tests;

public sealed class FullStoreTests() : StoreTests(options => options.MaxSizeMegabytes = 1)
{
    [Fact]
    public async Task A_full_store_refuses_writes_and_keeps_reading_and_deleting()
    {
        User ada = await CreateAsync("Ada");
        List<User> users = await FillAsync();

        Assert.NotNull(await Repository.FindAsync(ada.Id, Cancellation));
        await Store.CheckAsync(Cancellation);
        foreach (User user in users.Take(200))
        {
            Assert.Equal(UserWriteStatus.Done, await Repository.DeleteAsync(user.Id, null, Cancellation));
        }

        await CreateAsync("room again");
    }

    [Fact]
    public async Task Whoever_shares_a_commit_with_the_write_that_found_the_store_full_fails_with_it()
    {
        User ada = await CreateAsync("Ada");
        await Store.Chat.PostAsync("lobby", ada.Id, "first", Cancellation);
        using ChatSubscription lobby = (await Store.Chat.SubscribeAsync("lobby", null, Cancellation))!;
        using ChatSubscription attic = (await Store.Chat.SubscribeAsync("attic", 0, Cancellation))!;
        List<User> users = await FillAsync();
        using var holding = new HeldWriter(Store.Writer);
        Task<UserWriteStatus> delete = Repository.DeleteAsync(ada.Id, null, Cancellation);
        Task<ChatEntry?>[] posts =
        [
            Store.Chat.PostAsync("lobby", users[0].Id, "lost", Cancellation),
            Store.Chat.PostAsync("attic", users[0].Id, "lost", Cancellation),
            Store.Chat.PostAsync("lobby", users[0].Id, "lost, too", Cancellation),
        ];
        Task<UserWrite> tooLong = Repository.CreateAsync(new NewUser(new string('x', 1_000_000), "x@example.org"), Cancellation);
        Task<UserWriteStatus> later = Repository.DeleteAsync(users[1].Id, null, Cancellation);

        holding.Release();

        await Assert.ThrowsAsync<StoreFullException>(() => tooLong);
        await Assert.ThrowsAsync<StoreFullException>(() => delete);
        foreach (Task<ChatEntry?> post in posts)
        {
            await Assert.ThrowsAsync<StoreFullException>(() => post);
        }

        await Assert.ThrowsAsync<StoreFullException>(() => holding.Done);
        Assert.NotNull(await Repository.FindAsync(ada.Id, Cancellation));
        Assert.Equal((1, 0), (lobby.End, attic.End));
        // What came after it is a commit of its own.
        Assert.Equal(UserWriteStatus.Done, await later);
        Assert.Equal(2, (await Store.Chat.PostAsync("lobby", users[0].Id, "kept", Cancellation))!.Sequence);
        Assert.Equal("kept", Assert.Single(await lobby.ReadAsync(Cancellation)).Text);
        Assert.Equal(1, (await Store.Chat.PostAsync("attic", users[0].Id, "kept", Cancellation))!.Sequence);
        Assert.Equal("kept", Assert.Single(await attic.ReadAsync(Cancellation)).Text);
    }

    /// <summary>Creates users until there is no space for another; a short message may still fit on a page that is begun.</summary>
    private async Task<List<User>> FillAsync()
    {
        List<User> users = [];
        string name = new('n', 200);
        await Assert.ThrowsAsync<StoreFullException>(async () =>
        {
            while (true)
            {
                UserWrite write = await Repository.CreateAsync(new NewUser(name, $"user{users.Count}@example.org"), Cancellation);
                users.Add(write.User!);
            }
        });
        Assert.InRange(users.Count, 1_000, 5_000);
        return users;
    }
}
