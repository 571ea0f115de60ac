using System.Data.Common;

namespace Users.Data.Tests;

public sealed class EfStoreWriterTests() : StoreWriterTests(path: null);

public abstract class StoreWriterTests(Action<UserStoreOptions>? path) : StoreTests(path, options =>
{
    options.WriteQueueLength = 150;
})
{
    [Fact]
    public async Task A_write_waits_for_one_batch_of_a_continuous_import_however_many_were_queued_before_it()
    {
        const int Importers = 4;
        using TestFolder folder = TestFolder.WithDatabase();
        var gate = new WriterGate();
        // So that each batch is a commit of its own.
        using UserStore store = Open(folder, options => options.MaxCommit = 1, gate);
        int commits = 0;
        int waited = -1;
        bool isOver = false;
        using HeldWriter holding = gate.Hold(store);
        Task[] imports = [.. Enumerable.Range(0, Importers).Select(ImportAsync)];
        Task create = store.Writer.RunAsync(new CreateUser(new NewUser("Ada", "ada@example.org")), _ => waited = commits, Cancellation);

        await holding.ReleaseAsync();
        await create;
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(imports);

        Assert.Equal(1, waited);

        async Task ImportAsync(int importer)
        {
            for (int batch = 0; !Volatile.Read(ref isOver); batch++)
            {
                NewUser[] users = [.. Enumerable.Range(0, 100).Select(i => new NewUser($"User {i}", $"{importer}-{batch}-{i}@example.org"))];
                IReadOnlyList<UserWrite> writes = await store.Writer.RunAsync(new CreateUsers(users), _ => commits++, Cancellation);
                Assert.All(writes, write => Assert.Equal(UserWriteStatus.Done, write.Status));
            }
        }
    }

    [Fact]
    public async Task Nobody_is_told_of_success_before_the_commit_that_holds_it()
    {
        using HeldWriter holding = Hold();
        Task<UserWrite> create = Queue("ada");
        using HeldWriter commit = HoldCommit();
        holding.Release();
        await commit.Begun;

        // The create has run.
        Assert.False(create.IsCompleted);
        Assert.Empty(await Repository.ReadPageAsync(null, 10, Cancellation));

        commit.Release();
        Assert.Equal(UserWriteStatus.Done, (await create).Status);
        Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task One_failing_item_is_undone_alone()
    {
        Trap.FailInsert(Folder.Database, "a bug");
        using HeldWriter holding = Hold();
        Task<UserWrite> first = Queue("before");
        Task failing = Store.Writer.RunAsync(
            new CreateUsers([new("half", "half@example.org"), new("a bug", "bug@example.org")]),
            committed: _ => Assert.Fail("It was not committed."),
            Cancellation);
        Task<UserWrite> taken = Queue("before");
        Task<UserWrite> after = Queue("after");

        await holding.ReleaseAsync();

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => failing);
        Assert.Contains("refused", (error.InnerException ?? error).Message, StringComparison.Ordinal);
        Assert.Equal(UserWriteStatus.Done, (await first).Status);
        Assert.Equal(UserWriteStatus.EmailTaken, (await taken).Status);
        Assert.Equal(UserWriteStatus.Done, (await after).Status);
        Assert.Equal(["before", "after"], (await Repository.ReadPageAsync(null, 10, Cancellation)).Select(user => user.Name));
    }

    [Fact]
    public async Task Creates_that_share_a_commit_have_the_outcomes_that_they_would_have_had_alone()
    {
        User eve = await CreateAsync("eve");
        var ada = new NewUser("Ada", "ada@example.org", Guid.NewGuid());
        NewUser[] creates =
        [
            ada,
            new("ben", "BEN@example.org"),
            ada,
            ada with { Name = "Another" },
            ada with { RequestId = Guid.NewGuid() },
            new("ben", "ben@example.org"),
            new("eve", eve.Email),
            new("cat", "cat@example.org", Guid.NewGuid()),
        ];
        using HeldWriter holding = Hold();
        Task<UserWrite>[] before = [.. creates.Take(5).Select(create => Repository.CreateAsync(create, Cancellation))];
        // Something else between them.
        Task<UserWriteStatus> delete = Repository.DeleteAsync("nobody", null, Cancellation);
        Task<UserWrite>[] after = [.. creates.Skip(5).Select(create => Repository.CreateAsync(create, Cancellation))];

        await holding.ReleaseAsync();

        UserWrite[] writes = await Task.WhenAll([.. before, .. after]);
        Assert.Equal(
            [
                UserWriteStatus.Done, UserWriteStatus.Done, UserWriteStatus.Existing, UserWriteStatus.RequestIdReused, UserWriteStatus.EmailTaken,
                UserWriteStatus.EmailTaken, UserWriteStatus.EmailTaken, UserWriteStatus.Done,
            ],
            writes.Select(write => write.Status));
        Assert.Equal(UserWriteStatus.NotFound, await delete);
        Assert.Equal(writes[0].User!.Id, writes[2].User!.Id);
        Assert.Equal(["Ada", "ben", "cat", "eve"], (await Repository.ReadPageAsync(null, 10, Cancellation)).Select(user => user.Name).Order());
    }

    [Fact]
    public async Task A_commit_that_fails_fails_all_who_were_in_it_and_nobody_else()
    {
        Trap.FailCommit(Folder.Database, "orphan");
        User ada = await CreateAsync("Ada");
        using ChatSubscription lobby = (await Store.Chat.SubscribeAsync("lobby", 0, Cancellation))!;
        Task<ChatEntry?> post;
        Task<UserWrite> create;
        Task failing;
        using (HeldWriter holding = Hold())
        {
            post = Store.Chat.PostAsync("lobby", ada.Id, "lost", Cancellation);
            failing = Queue("orphan");
            create = Queue("ben");
            holding.Release();
            await Assert.ThrowsAnyAsync<DbException>(() => holding.Done);
        }

        await Assert.ThrowsAnyAsync<DbException>(() => failing);
        await Assert.ThrowsAnyAsync<DbException>(() => post);
        await Assert.ThrowsAnyAsync<DbException>(() => create);
        Assert.Equal(0, lobby.End);
        Assert.Equal("Ada", Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation)).Name);

        Assert.Equal(UserWriteStatus.Done, (await Queue("ben")).Status);
        Assert.Equal(1, (await Store.Chat.PostAsync("lobby", ada.Id, "kept", Cancellation))!.Sequence);
        Assert.Equal("kept", Assert.Single(await lobby.ReadAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task Work_cancelled_while_it_waits_is_dropped_at_once()
    {
        using HeldWriter holding = Hold();
        using var caller = new CancellationTokenSource();
        Task<UserWrite> cancelled = Repository.CreateAsync(new NewUser("Ada", "ada@example.org"), caller.Token);
        Task<UserWrite> neighbour = Queue("ben");

        await caller.CancelAsync();

        // The writer is still held: the caller need not wait for it.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await holding.ReleaseAsync();
        Assert.Equal(UserWriteStatus.Done, (await neighbour).Status);
        Assert.Equal("ben", Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation)).Name);
    }

    [Fact]
    public async Task Work_cancelled_after_it_began_completes()
    {
        using var caller = new CancellationTokenSource();
        using HeldWriter commit = HoldCommit();
        Task<UserWrite> create = Repository.CreateAsync(new NewUser("Ada", "ada@example.org"), caller.Token);
        await commit.Begun;

        await caller.CancelAsync();
        commit.Release();

        Assert.Equal(UserWriteStatus.Done, (await create).Status);
        Assert.Single(await Repository.ReadPageAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task A_write_beyond_the_queue_is_refused_at_once()
    {
        using HeldWriter holding = Hold();
        Task<UserWrite>[] waiting = [.. Enumerable.Range(0, 150).Select(i => Queue($"user{i}"))];

        Task<UserWrite> refused = Queue("one too many");

        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<StoreBusyException>(() => refused);
        await holding.ReleaseAsync();
        Assert.All(await Task.WhenAll(waiting), write => Assert.Equal(UserWriteStatus.Done, write.Status));
        Assert.Equal(UserWriteStatus.Done, (await Queue("in time")).Status);
    }

    [Fact]
    public async Task After_commit_actions_run_in_order_before_any_caller_is_told()
    {
        List<int> published = [];
        List<Task> callers = [];
        bool told = false;
        using HeldWriter holding = Hold();
        for (int i = 0; i < 20; i++)
        {
            int item = i;
            callers.Add(Store.Writer.RunAsync(new DeleteUser("nobody", null), _ => Publish(item), Cancellation));
        }

        await holding.ReleaseAsync();
        await Task.WhenAll(callers);

        Assert.Equal(Enumerable.Range(0, 20), published);
        Assert.False(told, "A caller was told before all of its commit was published.");

        void Publish(int item)
        {
            told |= holding.Done.IsCompleted || callers.Exists(caller => caller.IsCompleted);
            published.Add(item);
        }
    }

    [Fact]
    public async Task Disposing_finishes_what_waits()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        var gate = new WriterGate();
        UserStore store = Open(folder, configure: null, gate);
        using HeldWriter holding = gate.Hold(store);
        Task<UserWrite>[] waiting =
            [.. Enumerable.Range(0, 50).Select(i => store.Users.CreateAsync(new NewUser($"User {i}", $"{i}@example.org"), Cancellation))];

        Task disposing = store.DisposeAsync().AsTask();
        await holding.ReleaseAsync();
        await disposing;

        Assert.All(await Task.WhenAll(waiting), write => Assert.Equal(UserWriteStatus.Done, write.Status));
        using UserStore again = Open(folder);
        Assert.Equal(50, (await again.Users.ReadPageAsync(null, 100, Cancellation)).Count);
    }
    private Task<UserWrite> Queue(string name) => Repository.CreateAsync(new NewUser(name, $"{name}@example.org"), Cancellation);
}
