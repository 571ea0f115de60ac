using Users.Data.Sqlite;

namespace Users.Data.Tests;

public sealed class EfUserBatchTests() : UserBatchTests(path: null);

public abstract class UserBatchTests(Action<UserStoreOptions>? path) : StoreTests(path)
{
    private const int Fifty = 50;

    private static readonly Guid A = new("aaaaaaaa-0000-4000-8000-000000000001");
    private static readonly Guid B = new("bbbbbbbb-0000-4000-8000-000000000002");
    private static readonly Guid C = new("cccccccc-0000-4000-8000-000000000003");

    [Fact]
    public async Task A_batch_creates_each_user_and_answers_in_order()
    {
        NewUser[] users =
        [
            .. Enumerable.Range(0, UserRepository.MaxBatch).Select(i => new NewUser($"{i}", $"{i}@example.org", Guid.NewGuid())),
        ];

        IReadOnlyList<UserWrite> writes = await Repository.CreateManyAsync(users, Cancellation);

        Assert.All(writes, write => Assert.Equal(UserWriteStatus.Done, write.Status));
        Assert.Equal(users.Select(user => user.Name), writes.Select(write => write.User!.Name));
        IReadOnlyList<User> stored = await Repository.ReadPageAsync(null, users.Length, Cancellation);
        Assert.Equivalent(writes.Select(write => write.User), stored, strict: true);
    }

    [Theory]
    [InlineData("plain", "plain@example.org")]
    [InlineData("\"quoted\" \\ back", "o'neil@example.org")]
    [InlineData("名前 🙂 é", "x+y@example.org")]
    [InlineData("null", "null@example.org")]
    [InlineData("12", "1@example.org")]
    [InlineData("[1,2]", "{}@example.org")]
    public async Task A_batch_stores_what_a_single_create_stores(string name, string email)
    {
        using TestFolder folder = TestFolder.WithDatabase();
        using UserStore other = Open(folder);
        var user = new NewUser(name, email, A);
        await Repository.CreateAsync(user, Cancellation);
        await other.Users.CreateManyAsync([user], Cancellation);

        User single = Assert.Single(await Repository.ReadPageAsync(null, 2, Cancellation));
        User batch = Assert.Single(await other.Users.ReadPageAsync(null, 2, Cancellation));

        Assert.Equal(Content(single), Content(batch));
        if (Store.Engine is SqliteEngine)
        {
            // A column of SQLite takes any type.
            Assert.Equal(
                RawDatabase.Query(Folder.Database, TypesSql),
                RawDatabase.Query(folder.Database, TypesSql));
        }

        static object Content(User user) =>
            (user.Name, user.Email, user.CreateTime, user.UpdateTime, user.RequestId, user.RequestHash, user.Etag.Length);
    }

    public static TheoryData<string, NewUser[]> Batches => new()
    {
        { "nothing in common", [new("a", "a@x.org", A), new("b", "b@x.org", B), new("c", "c@x.org")] },
        { "email twice", [new("a", "a@x.org"), new("b", "A@X.org"), new("c", "a@x.org", A)] },
        { "request id twice, same content", [new("a", "a@x.org", A), new("a", "a@x.org", A)] },
        { "request id twice, other content", [new("a", "a@x.org", A), new("b", "b@x.org", A), new("a", "A@x.org", A)] },
        { "email twice but for letters beyond ASCII", [new("a", "\u00e0da@x.org"), new("b", "\u00c0da@x.org"), new("c", "\u00e0DA@x.org")] },
        { "existing email", [new("a", "OLD@x.org"), new("a", "a@x.org")] },
        { "existing request id", [new("old", "old@x.org", C), new("old", "other@x.org", C), new("old", "old@x.org", A)] },
        { "refused first use of a request id", [new("a", "old@x.org", A), new("b", "b@x.org", A), new("b", "b@x.org", A)] },
        { "refused first use of an email", [new("z", "z@x.org", C), new("z", "z@x.org", A), new("z", "z@x.org", B)] },
        { "refused by email, then created under the request id", [new("a", "a@x.org"), new("b", "A@x.org", B), new("b", "b@x.org", B)] },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public Task A_batch_is_judged_as_if_its_items_came_one_by_one(string situation, NewUser[] batch) =>
        CompareAsync(situation, [], batch, []);

    // So many others before and behind that the items meet in one statement, or in two.
    [Theory]
    [MemberData(nameof(Batches))]
    public async Task A_batch_of_many_is_judged_as_if_its_items_came_one_by_one(string situation, NewUser[] batch)
    {
        NewUser[] others = [.. Enumerable.Range(0, 2 * Fifty).Select(i => new NewUser($"Other {i}", $"other{i}@x.org", Guid.NewGuid()))];
        foreach (int before in (int[])[0, 7, Fifty - 1])
        {
            await CompareAsync($"{situation}, after {before}", others[..before], batch, others[before..]);
        }
    }

    private async Task CompareAsync(string situation, NewUser[] before, NewUser[] batch, NewUser[] after)
    {
        using TestFolder oneByOne = TestFolder.WithDatabase();
        using UserStore single = Open(oneByOne);
        using TestFolder atOnce = TestFolder.WithDatabase();
        using UserStore together = Open(atOnce);
        var old = new NewUser("old", "old@x.org", C);
        await single.Users.CreateAsync(old, Cancellation);
        await together.Users.CreateAsync(old, Cancellation);
        List<UserWrite> writes = [.. await single.Users.CreateManyAsync(before, Cancellation)];
        foreach (NewUser user in batch)
        {
            writes.Add(await single.Users.CreateAsync(user, Cancellation));
        }

        writes.AddRange(await single.Users.CreateManyAsync(after, Cancellation));

        IReadOnlyList<UserWrite> answers = await together.Users.CreateManyAsync([.. before, .. batch, .. after], Cancellation);

        Assert.True(
            writes.Select(Outcome).SequenceEqual(answers.Select(Outcome)),
            $"{situation}: {string.Join(", ", writes.Select(Outcome))} against {string.Join(", ", answers.Select(Outcome))}");
        Assert.Equal(
            (await single.Users.ReadPageAsync(null, 1_000, Cancellation)).Select(Row),
            (await together.Users.ReadPageAsync(null, 1_000, Cancellation)).Select(Row));

        static object Outcome(UserWrite write) => (write.Status, write.User?.Name, write.User?.Email);
        static object Row(User user) => (user.Name, user.Email, user.RequestId, user.RequestHash);
    }

    [Fact]
    public async Task Sending_a_batch_again_creates_nothing_and_answers_the_users_as_they_are_now()
    {
        NewUser[] batch = [new("a", "a@x.org", A), new("b", "b@x.org", B)];
        IReadOnlyList<UserWrite> first = await Repository.CreateManyAsync(batch, Cancellation);
        await Repository.UpdateAsync(new UserChange(first[1].User!.Id, "renamed", null), Cancellation);

        IReadOnlyList<UserWrite> second = await Repository.CreateManyAsync(batch, Cancellation);

        Assert.All(second, write => Assert.Equal(UserWriteStatus.Existing, write.Status));
        Assert.Equal(["a", "renamed"], second.Select(write => write.User!.Name));
        Assert.Equal(2, (await Repository.ReadPageAsync(null, 10, Cancellation)).Count);
    }

    [Fact]
    public async Task A_batch_has_a_bound()
    {
        NewUser[] batch = [.. Enumerable.Range(0, UserRepository.MaxBatch + 1).Select(i => new NewUser("n", $"{i}@x.org"))];

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Repository.CreateManyAsync(batch, Cancellation));
        Assert.Empty(await Repository.CreateManyAsync([], Cancellation));
        Assert.Empty(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task A_batch_that_fails_midway_leaves_no_row()
    {
        Trap.FailInsert(Folder.Database, "b");

        await Assert.ThrowsAnyAsync<Exception>(() => Repository.CreateManyAsync([new("a", "a@x.org"), new("b", "b@x.org")], Cancellation));

        Assert.Empty(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task Seeded_users_keep_their_ids_and_are_seeded_once()
    {
        SeedUser[] seeds =
        [
            new("01890000-0000-7000-8000-000000000001", new NewUser("Ada", "ada@example.org")),
            new("09990000-0000-7000-8000-000000000002", new NewUser("Ben", "ben@example.org")),
        ];

        await Repository.SeedAsync(seeds, Cancellation);
        IReadOnlyList<User> first = await Repository.ReadPageAsync(null, 10, Cancellation);
        await Repository.SeedAsync(seeds, Cancellation);

        Assert.Equal(seeds.Select(seed => (seed.Id, seed.User.Name, seed.User.Email)), first.Select(user => (user.Id, user.Name, user.Email)));
        Assert.All(first, user => Assert.Matches("^[0-9a-f]{16}$", user.Etag));
        Assert.Equivalent(first, await Repository.ReadPageAsync(null, 10, Cancellation), strict: true);
        Assert.True(string.CompareOrdinal((await CreateAsync("Cyd")).Id, seeds[1].Id) > 0);
    }

    private const string TypesSql = """
        SELECT typeof(id) || typeof(name) || typeof(email) || typeof(create_time) || typeof(update_time) || typeof(etag)
            || typeof(request_id) || typeof(request_hash) FROM users
        """;
}
