namespace Users.Data.Tests;

public sealed class EfUserListTests() : UserListTests(path: null);

public abstract class UserListTests(Action<UserStoreOptions>? path) : StoreTests(path)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(549)]
    [InlineData(550)]
    [InlineData(551)]
    [InlineData(1_203)]
    public async Task A_list_holds_every_user_in_the_order_of_creation(int count)
    {
        string[] created = await CreateManyAsync(count);

        Assert.Equal(created, await ListAsync(null));
    }

    // Four times as much as the usual user has, in code units: 170 of them are 256 KiB.
    [Fact]
    public async Task A_page_of_the_longest_users_is_bounded_in_bytes_and_not_the_last()
    {
        NewUser[] longest = [.. Enumerable.Range(0, 1_000).Select(i => new NewUser(
            string.Concat(Enumerable.Repeat("🙂", 200)), $"{i}@{new string('x', 200)}.example.com", null))];
        await Repository.CreateManyAsync(longest, Cancellation);

        List<IReadOnlyList<User>> pages = await Repository.ListPagesAsync(null, long.MaxValue, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(longest.Select(user => user.Email), pages.SelectMany(page => page).Select(user => user.Email));
        Assert.All(pages, page => Assert.InRange(
            page.Sum(user => sizeof(char) * (user.Name.Length + user.Email.Length)), 1, 256 * 1024));
    }

    [Fact]
    public async Task A_list_goes_on_after_any_id_whether_or_not_it_still_exists()
    {
        string[] created = await CreateManyAsync(20);
        await Repository.DeleteAsync(created[9], null, Cancellation);

        Assert.Equal(created[5..9].Concat(created[10..]), await ListAsync(created[4]));
        Assert.Equal(created[10..], await ListAsync(created[9]));
        Assert.Empty(await ListAsync(created[19]));
        Assert.Empty(await ListAsync("ffffffff-ffff-ffff-ffff-ffffffffffff"));
        Assert.Equal(created[..3], (await Repository.ReadPageAsync("", 3, Cancellation)).Select(user => user.Id));
    }

    [Fact]
    public async Task A_user_that_exists_throughout_appears_exactly_once_whatever_else_comes_and_goes()
    {
        string[] created = await CreateManyAsync(2_000);
        string[] removed = [.. created.Where((_, i) => i % 3 == 0)];
        string[] staying = [.. created.Except(removed)];
        List<string> listed = [];

        await foreach (User user in ListAll(null, Cancellation))
        {
            listed.Add(user.Id);
            if (listed.Count % 10 == 0 && listed.Count <= 1_000)
            {
                int i = listed.Count / 10;
                await Repository.DeleteAsync(removed[i], null, Cancellation);
                await Repository.DeleteAsync(removed[^i], null, Cancellation);
                await Repository.UpdateAsync(new UserChange(staying[i * 7], $"renamed {i}", null), Cancellation);
                await CreateAsync($"late{i}");
            }
        }

        Assert.Equal(listed.Order(StringComparer.Ordinal).Distinct(), listed);
        Assert.Equal(staying, listed.Intersect(staying));
        Assert.Equal(await ListAsync(created[^1]), listed.SkipWhile(id => id != created[^1]).Skip(1));
    }

    [Fact]
    public async Task A_list_can_be_cancelled_between_pages()
    {
        await CreateManyAsync(1_500);
        using var caller = new CancellationTokenSource();
        int listed = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (User user in ListAll(null, caller.Token))
            {
                if (++listed == 550)
                {
                    await caller.CancelAsync();
                }
            }
        });

        Assert.Equal(550, listed);
    }
    [Fact]
    public async Task Reading_does_not_wait_for_the_writer()
    {
        User ada = await CreateAsync("Ada");
        using HeldWriter holding = Hold();

        Assert.NotNull(await Repository.FindAsync(ada.Id, Cancellation));
        Assert.Single(await ListAsync(null));

        await holding.ReleaseAsync();
    }

    [Fact]
    public async Task Many_may_read_at_once()
    {
        string[] created = await CreateManyAsync(200);

        User?[] found = await Task.WhenAll(created.SelectMany(id => Enumerable.Range(0, 20).Select(_ =>
            Task.Run(async () => await Repository.FindAsync(id, Cancellation)))));

        Assert.Equal(created.SelectMany(id => Enumerable.Repeat(id, 20)), found.Select(user => user!.Id));
    }

    private async Task<string[]> CreateManyAsync(int count)
    {
        List<string> ids = [];
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(UserRepository.MaxBatch))
        {
            IReadOnlyList<UserWrite> writes = await Repository.CreateManyAsync(
                [.. chunk.Select(i => new NewUser($"User {i}", $"user{i}@example.org"))], Cancellation);
            ids.AddRange(writes.Select(write => write.User!.Id));
        }

        return [.. ids];
    }

    private IAsyncEnumerable<User> ListAll(string? afterId, CancellationToken cancellationToken) =>
        Repository.ListPagesAsync(afterId, long.MaxValue, cancellationToken).SelectMany(page => page);

    private async Task<List<string>> ListAsync(string? afterId) =>
        await ListAll(afterId, Cancellation).Select(user => user.Id).ToListAsync(Cancellation);
}
