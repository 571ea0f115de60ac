namespace Users.Data.Tests;

public sealed class EfFullStoreTests() : FullStoreTests(path: null);

public abstract class FullStoreTests(Action<UserStoreOptions>? path) : StoreTests(path, options => options.MaxSizeMegabytes = 1)
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
    public async Task A_write_that_finds_the_store_full_fails_alone_though_others_share_its_commit()
    {
        User ada = await CreateAsync("Ada");
        List<User> users = await FillAsync();
        await Repository.DeleteAsync(users[^1].Id, null, Cancellation);
        using ChatSubscription lobby = (await Store.Chat.SubscribeAsync("lobby", 0, Cancellation))!;
        using HeldWriter holding = Hold();
        Task<UserWriteStatus> delete = Repository.DeleteAsync(ada.Id, null, Cancellation);
        Task<ChatEntry?> post = Store.Chat.PostAsync("lobby", users[0].Id, "kept", Cancellation);
        Task<UserWrite> tooLong = Repository.CreateAsync(new NewUser(new string('x', 1_000_000), "x@example.org"), Cancellation);
        Task<ChatEntry?> later = Store.Chat.PostAsync("lobby", users[0].Id, "kept, too", Cancellation);

        await holding.ReleaseAsync();

        await Assert.ThrowsAsync<StoreFullException>(() => tooLong);
        Assert.Equal(UserWriteStatus.Done, await delete);
        Assert.Null(await Repository.FindAsync(ada.Id, Cancellation));
        Assert.Equal((1, 2), ((await post)!.Sequence, (await later)!.Sequence));
        Assert.Equal(["kept", "kept, too"], (await lobby.ReadAsync(Cancellation)).Select(entry => entry.Text));
    }

    /// <summary>Creates users until there is no space for another; a short message may still fit on a page that is begun.</summary>
    private async Task<List<User>> FillAsync()
    {
        List<User> users = [];
        foreach (int step in (int[])[100, 1])
        {
            await Assert.ThrowsAsync<StoreFullException>(async () =>
            {
                while (true)
                {
                    IReadOnlyList<UserWrite> writes = await Repository.CreateManyAsync(
                        [.. Enumerable.Range(users.Count, step).Select(i => new NewUser(new('n', 200), $"user{i}@example.org"))], Cancellation);
                    users.AddRange(writes.Select(write => write.User!));
                }
            });
        }

        Assert.InRange(users.Count, 1_000, 5_000);
        return users;
    }
}
