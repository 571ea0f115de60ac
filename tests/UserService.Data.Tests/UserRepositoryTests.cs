namespace Users.Data.Tests;

public sealed class EfUserRepositoryTests() : UserRepositoryTests(path: null);

public abstract class UserRepositoryTests(Action<UserStoreOptions>? path) : StoreTests(path)
{
    private const string Nobody = "00000000-0000-7000-8000-000000000000";

    [Fact]
    public async Task A_created_user_is_read_back_as_it_was_answered()
    {
        User created = await CreateAsync("Ada", "ada@example.org", Guid.NewGuid());

        User? read = await Repository.FindAsync(created.Id, Cancellation);

        Assert.Equivalent(created, read, strict: true);
        Assert.Equal("Ada", read!.Name);
        Assert.Equal("ada@example.org", read.Email);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_560), read.CreateTime);
        Assert.Equal(read.CreateTime, read.UpdateTime);
        Assert.Matches("^[0-9a-f]{16}$", read.Etag);
        Assert.Equal(7, Guid.Parse(read.Id).Version);
    }

    [Fact]
    public async Task An_unknown_id_finds_nobody()
    {
        await CreateAsync("Ada");

        Assert.Null(await Repository.FindAsync(Nobody, Cancellation));
    }

    [Theory]
    [InlineData("ada@example.org")]
    [InlineData("ADA@Example.ORG")]
    public async Task An_email_is_taken_whatever_its_case(string email)
    {
        await CreateAsync("Ada", "ada@example.org");

        UserWrite second = await Repository.CreateAsync(new NewUser("Other", email), Cancellation);

        Assert.Equal(new UserWrite(UserWriteStatus.EmailTaken), second);
        Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_creates_with_one_email_exactly_one_succeeds()
    {
        UserWrite[] writes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Repository.CreateAsync(new NewUser($"User {i}", i % 2 == 0 ? "same@example.org" : "Same@Example.org"), Cancellation)));

        UserWrite done = Assert.Single(writes, write => write.Status == UserWriteStatus.Done);
        Assert.Equal(99, writes.Count(write => write.Status == UserWriteStatus.EmailTaken));
        Assert.Equal(done.User!.Id, Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation)).Id);
    }

    [Theory]
    [InlineData("Grace", null)]
    [InlineData(null, "grace@example.org")]
    [InlineData("Grace", "grace@example.org")]
    [InlineData(null, "ADA@example.org")]
    public async Task An_update_changes_what_it_names_and_nothing_else(string? name, string? email)
    {
        User ada = await CreateAsync("Ada", "ada@example.org", Guid.NewGuid());
        Time.Advance(TimeSpan.FromSeconds(1));

        UserWrite write = await Repository.UpdateAsync(new UserChange(ada.Id, name, email, ada.Etag), Cancellation);

        Assert.Equal(UserWriteStatus.Done, write.Status);
        Assert.Equal(name ?? "Ada", write.User!.Name);
        Assert.Equal(email ?? "ada@example.org", write.User.Email);
        Assert.Equal(ada.CreateTime, write.User.CreateTime);
        Assert.Equal(ada.CreateTime.AddSeconds(1), write.User.UpdateTime);
        Assert.NotEqual(ada.Etag, write.User.Etag);
        Assert.Equal([$"{ada.RequestId} {ada.RequestHash}"], RawDatabase.Query(Folder.Database, "SELECT request_id || ' ' || request_hash FROM users"));
        Assert.Equivalent(write.User, await Repository.FindAsync(ada.Id, Cancellation), strict: true);
    }

    [Fact]
    public async Task An_update_leaves_every_other_user_alone()
    {
        User ada = await CreateAsync("Ada");
        User ben = await CreateAsync("Ben");

        await Repository.UpdateAsync(new UserChange(ada.Id, "Grace", null), Cancellation);

        Assert.Equivalent(ben, await Repository.FindAsync(ben.Id, Cancellation), strict: true);
    }

    [Theory]
    [InlineData(UserWriteStatus.NotFound, true, false, "ben@example.org")]
    [InlineData(UserWriteStatus.EtagMismatch, false, true, "grace@example.org")]
    [InlineData(UserWriteStatus.EtagMismatch, false, true, "ben@example.org")]
    [InlineData(UserWriteStatus.EmailTaken, false, false, "ben@example.org")]
    [InlineData(UserWriteStatus.EmailTaken, false, false, "BEN@example.org")]
    public async Task An_update_that_cannot_be_done_says_why_and_changes_nothing(
        UserWriteStatus expected, bool unknown, bool stale, string email)
    {
        User ada = await CreateAsync("Ada");
        await CreateAsync("Ben", "ben@example.org");

        UserWrite write = await Repository.UpdateAsync(
            new UserChange(unknown ? Nobody : ada.Id, "Grace", email, stale ? "0123456789abcdef" : ada.Etag), Cancellation);

        Assert.Equal(new UserWrite(expected), write);
        Assert.Equivalent(ada, await Repository.FindAsync(ada.Id, Cancellation), strict: true);
    }

    [Fact]
    public async Task Of_parallel_updates_with_one_etag_exactly_one_succeeds()
    {
        User ada = await CreateAsync("Ada");

        UserWrite[] writes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Repository.UpdateAsync(new UserChange(ada.Id, $"Ada {i}", null, ada.Etag), Cancellation)));

        UserWrite done = Assert.Single(writes, write => write.Status == UserWriteStatus.Done);
        Assert.Equal(49, writes.Count(write => write.Status == UserWriteStatus.EtagMismatch));
        Assert.Equal(done.User!.Name, (await Repository.FindAsync(ada.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task An_update_without_a_field_is_the_callers_mistake() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Repository.UpdateAsync(new UserChange(Nobody, null, null), Cancellation));

    [Fact]
    public async Task The_update_time_does_not_go_back_with_the_clock()
    {
        User ada = await CreateAsync("Ada");
        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromHours(1));

        UserWrite write = await Repository.UpdateAsync(new UserChange(ada.Id, "Grace", null), Cancellation);

        Assert.Equal(ada.CreateTime, write.User!.UpdateTime);
    }

    // A reader that goes on after the id of a user that is gone must not pass over a later one.
    [Theory]
    [InlineData(2)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1, 0)]
    public async Task The_highest_id_survives_its_user_a_restart_and_a_clock_that_goes_back(params int[] deleted)
    {
        User[] users = [await CreateAsync("Ada"), await CreateAsync("Ben"), await CreateAsync("Eve")];
        foreach (int index in deleted)
        {
            await Repository.DeleteAsync(users[index].Id, null, Cancellation);
        }

        Store.Dispose();
        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromHours(1));
        using UserStore later = Open(Folder);
        UserWrite write = await later.Users.CreateAsync(new NewUser("Kay", "kay@example.org"), Cancellation);

        Assert.True(string.CompareOrdinal(write.User!.Id, users[2].Id) > 0);
    }

    [Fact]
    public async Task A_deleted_user_is_gone_and_a_second_delete_says_so()
    {
        User ada = await CreateAsync("Ada");
        User ben = await CreateAsync("Ben");

        Assert.Equal(UserWriteStatus.Done, await Repository.DeleteAsync(ada.Id, ada.Etag, Cancellation));

        Assert.Null(await Repository.FindAsync(ada.Id, Cancellation));
        Assert.Equal(UserWriteStatus.NotFound, await Repository.DeleteAsync(ada.Id, null, Cancellation));
        Assert.NotNull(await Repository.FindAsync(ben.Id, Cancellation));
        await CreateAsync("Ada");
    }

    [Fact]
    public async Task A_delete_with_an_old_etag_deletes_nothing()
    {
        User ada = await CreateAsync("Ada");
        await Repository.UpdateAsync(new UserChange(ada.Id, "Grace", null), Cancellation);

        Assert.Equal(UserWriteStatus.EtagMismatch, await Repository.DeleteAsync(ada.Id, ada.Etag, Cancellation));

        Assert.NotNull(await Repository.FindAsync(ada.Id, Cancellation));
        Assert.Equal(UserWriteStatus.Done, await Repository.DeleteAsync(ada.Id, null, Cancellation));
    }

    [Fact]
    public async Task A_repeated_create_answers_the_user_as_it_is_now_and_writes_nothing()
    {
        var request = new NewUser("Ada", "ada@example.org", Guid.NewGuid());
        User ada = (await Repository.CreateAsync(request, Cancellation)).User!;
        User grace = (await Repository.UpdateAsync(new UserChange(ada.Id, "Grace", "grace@example.org"), Cancellation)).User!;

        UserWrite repeat = await Repository.CreateAsync(request, Cancellation);

        Assert.Equal(UserWriteStatus.Existing, repeat.Status);
        Assert.Equivalent(grace, repeat.User, strict: true);
        Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Theory]
    [InlineData("Ada", "ada@example.com")]
    [InlineData("Adaa", "da@example.org")]
    [InlineData("Ben", "ben@example.org")]
    public async Task A_request_id_with_other_content_is_refused_before_its_email_is_looked_at(string name, string email)
    {
        var requestId = Guid.NewGuid();
        await CreateAsync("Ada", "ada@example.org", requestId);
        await CreateAsync("Ben", "ben@example.org");

        UserWrite write = await Repository.CreateAsync(new NewUser(name, email, requestId), Cancellation);

        Assert.Equal(new UserWrite(UserWriteStatus.RequestIdReused), write);
    }

    [Fact]
    public async Task Deleting_a_user_forgets_its_request_id()
    {
        var request = new NewUser("Ada", "ada@example.org", Guid.NewGuid());
        User first = (await Repository.CreateAsync(request, Cancellation)).User!;
        await Repository.DeleteAsync(first.Id, null, Cancellation);

        UserWrite second = await Repository.CreateAsync(request, Cancellation);

        Assert.Equal(UserWriteStatus.Done, second.Status);
        Assert.NotEqual(first.Id, second.User!.Id);
    }

    [Fact]
    public async Task A_repeated_create_is_known_again_after_a_restart()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        var request = new NewUser("Ada", "ada@example.org", Guid.NewGuid());
        UserWrite first;
        using (UserStore store = Open(folder))
        {
            first = await store.Users.CreateAsync(request, Cancellation);
        }

        using UserStore again = Open(folder);
        UserWrite second = await again.Users.CreateAsync(request, Cancellation);

        Assert.Equal(UserWriteStatus.Existing, second.Status);
        Assert.Equivalent(first.User, second.User, strict: true);
    }

    [Fact]
    public async Task The_store_says_that_it_is_well() => await Store.CheckAsync(Cancellation);

    [Fact]
    public async Task Cancelled_calls_do_nothing()
    {
        User ada = await CreateAsync("Ada");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        Func<Task>[] calls =
        [
            () => Repository.CreateAsync(new NewUser("Ben", "ben@example.org"), gone.Token),
            () => Repository.CreateManyAsync([new NewUser("Ben", "ben@example.org")], gone.Token),
            () => Repository.UpdateAsync(new UserChange(ada.Id, "Ben", null), gone.Token),
            () => Repository.DeleteAsync(ada.Id, null, gone.Token),
            () => Repository.FindAsync(ada.Id, gone.Token).AsTask(),
            () => Repository.ReadPageAsync(null, 1, gone.Token).AsTask(),
            () => Store.CheckAsync(gone.Token),
        ];

        foreach (Func<Task> call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        }

        Assert.Equivalent(ada, Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation)), strict: true);
    }
}
