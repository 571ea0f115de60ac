namespace Users.Data.Tests;

public sealed class EfChatRaceTests() : ChatRaceTests(path: null);

/// <summary>What is said between a subscriber's look at the table and its next step.</summary>
public abstract class ChatRaceTests : StoreTests
{
    private readonly AfterRead _engine;
    private readonly ReaderPool _readers;
    private readonly ChatLog _chat;

    protected ChatRaceTests(Action<UserStoreOptions>? path)
        : base(path)
    {
        _engine = new AfterRead(Store.Engine);
        _readers = new ReaderPool(_engine);
        _chat = new ChatLog(_readers, Store.Writer, tailLength: 16, speakersAreUsers: true);
    }

    [Fact]
    public async Task A_message_committed_right_after_a_subscriber_looked_for_the_end_reaches_it()
    {
        User ada = await CreateAsync("Ada");
        _engine.Once = () => _chat.PostAsync("lobby", ada.Id, "in between", Cancellation);

        using ChatSubscription reader = (await _chat.SubscribeAsync("lobby", 0, Cancellation))!;

        Assert.Null(_engine.Once);
        Assert.Equal(1, reader.End);
        Assert.Equal("in between", Assert.Single(await reader.ReadAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task A_message_committed_right_after_a_reader_found_nothing_wakes_it()
    {
        User ada = await CreateAsync("Ada");
        await _chat.PostAsync("lobby", ada.Id, "pruned", Cancellation);
        using ChatSubscription reader = (await _chat.SubscribeAsync("lobby", 0, Cancellation))!;
        RawDatabase.Execute(Folder.Database, "DELETE FROM chat_messages");
        _engine.Once = () => _chat.PostAsync("lobby", ada.Id, "in between", Cancellation);

        // The time is only how long a failure takes.
        IReadOnlyList<ChatEntry> read = await reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Null(_engine.Once);
        Assert.Equal("in between", Assert.Single(read).Text);
    }

    protected override void Dispose(bool disposing)
    {
        _readers.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The store's own engine, which does something when a query has read its last row, before its reader goes on.</summary>
    private sealed class AfterRead(IStoreEngine engine) : IStoreEngine
    {
        public Func<Task>? Once { get; set; }

        public string System => engine.System;

        public string Place => engine.Place;

        public bool IsNew => engine.IsNew;

        public string? LargestUserId => engine.LargestUserId;

        public int Migrations => engine.Migrations;

        public IStoreReader OpenReader() => new Reader(this, engine.OpenReader());

        public IWriteEngine OpenWriter(NewRows rows) => engine.OpenWriter(rows);

        public IDisposable? Follow(ChatLog chat, UserRepository users) => engine.Follow(chat, users);

        public Exception? Fault => engine.Fault;

        public Exception ForCaller(Exception error) => engine.ForCaller(error);

        // It belongs to the store.
        public void Dispose()
        {
        }

        private async ValueTask<T> ThenAsync<T>(ValueTask<T> read)
        {
            T result = await read;
            Func<Task>? action = Once;
            Once = null;
            await (action?.Invoke() ?? Task.CompletedTask);
            return result;
        }

        private sealed class Reader(AfterRead after, IStoreReader reader) : IStoreReader
        {
            public ValueTask<User?> FindUserAsync(string id, CancellationToken cancellationToken) =>
                after.ThenAsync(reader.FindUserAsync(id, cancellationToken));

            public ValueTask<IReadOnlyList<User>> ReadUsersAsync(string afterId, int count, CancellationToken cancellationToken) =>
                after.ThenAsync(reader.ReadUsersAsync(afterId, count, cancellationToken));

            public ValueTask<long> LastSequenceAsync(string room, CancellationToken cancellationToken) =>
                after.ThenAsync(reader.LastSequenceAsync(room, cancellationToken));

            public ValueTask<IReadOnlyList<ChatEntry>> ReadRoomAsync(
                string room, long afterSequence, int count, CancellationToken cancellationToken) =>
                after.ThenAsync(reader.ReadRoomAsync(room, afterSequence, count, cancellationToken));

            public void Dispose() => reader.Dispose();
        }
    }
}
