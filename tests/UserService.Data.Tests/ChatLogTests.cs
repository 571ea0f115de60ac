using Users.Data.Sqlite;

namespace Users.Data.Tests;

public sealed class EfChatLogTests() : ChatLogTests(path: null);

public abstract class ChatLogTests(Action<UserStoreOptions>? path) : StoreTests(path, options => options.RoomTailLength = 16)
{
    private ChatLog Chat => Store.Chat;

    [Fact]
    public async Task A_message_is_stored_as_it_was_answered()
    {
        User ada = await CreateAsync("Ada");

        ChatEntry? posted = await Chat.PostAsync("lobby", ada.Id, "hello", Cancellation);

        Assert.Equal(new ChatEntry("lobby", 1, ada.Id, "hello", ada.CreateTime), posted);
        Assert.Equal(
            $"lobby 1 {ada.Id} hello {UnixMicrosecondsConverter.ToMicroseconds(ada.CreateTime)}",
            Assert.Single(RawDatabase.Query(
                Folder.Database, "SELECT room || ' ' || sequence || ' ' || user_id || ' ' || text || ' ' || time FROM chat_messages")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("{0} {1} @p0 $x ?")]
    [InlineData("名前 🙂 e\u0301 \u202e")]
    [InlineData("a\0b")]
    [InlineData("line\r\nbreak\ttab \u001b[31m")]
    public async Task Every_text_comes_back_as_it_was_said(string text)
    {
        Assert.SkipUnless(Store.Engine is SqliteEngine || !text.Contains('\0', StringComparison.Ordinal), "The service refuses U+0000, which a text of PostgreSQL cannot hold.");
        User ada = await CreateAsync("Ada");
        await Chat.PostAsync("lobby", ada.Id, text, Cancellation);
        using ChatSubscription reader = await FollowAsync("lobby", 0);

        Assert.Equal(text, Assert.Single(await reader.ReadAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task Sequences_have_no_gap_in_any_room_under_twenty_speakers()
    {
        User[] users = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CreateAsync($"user{i}")));
        string[] rooms = ["red", "green", "blue"];

        ChatEntry?[] posted = (await Task.WhenAll(users.Select(user => Task.Run(() => SpeakAsync(user))))).SelectMany(x => x).ToArray();

        Assert.All(rooms, room => Assert.Equal(
            Enumerable.Range(1, 200).Select(i => (long)i),
            posted.Where(entry => entry!.Room == room).Select(entry => entry!.Sequence).Order()));
        foreach (string room in rooms)
        {
            using ChatSubscription reader = await FollowAsync(room, 0);
            Assert.Equal(posted.Where(entry => entry!.Room == room).OrderBy(entry => entry!.Sequence), await reader.ReadAsync(200));
        }

        async Task<List<ChatEntry?>> SpeakAsync(User user)
        {
            List<ChatEntry?> entries = [];
            for (int i = 0; i < 30; i++)
            {
                entries.Add(await Chat.PostAsync(rooms[i % 3], user.Id, $"{user.Name} {i}", Cancellation));
            }

            return entries;
        }
    }

    [Fact]
    public async Task Where_speakers_need_not_be_users_any_name_speaks()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        using UserStore store = Open(folder, options => options.SpeakersAreUsers = false);

        Assert.Equal(("auth0|Ada", 1), (await store.Chat.PostAsync("lobby", "auth0|Ada", "hello", Cancellation)) is { } said ? (said.UserId, said.Sequence) : default);
    }

    [Fact]
    public async Task Nobody_speaks_as_an_unknown_or_deleted_user_and_what_was_said_is_kept()
    {
        User ada = await CreateAsync("Ada");
        await Chat.PostAsync("lobby", ada.Id, "hello", Cancellation);
        await Repository.DeleteAsync(ada.Id, null, Cancellation);

        Assert.Null(await Chat.PostAsync("lobby", ada.Id, "am I here?", Cancellation));
        Assert.Null(await Chat.PostAsync("lobby", "", "nor I", Cancellation));

        using ChatSubscription reader = await FollowAsync("lobby", 0);
        Assert.Equal((ada.Id, "hello"), Assert.Single((await reader.ReadAsync(Cancellation)).Select(entry => (entry.UserId, entry.Text))));
        Assert.Equal(1, reader.End);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(1, 39)]
    [InlineData(30, 10)]
    [InlineData(39, 1)]
    public async Task A_reader_gets_everything_after_its_position(long after, int count)
    {
        User ada = await CreateAsync("Ada");
        await SpeakAsync(ada, "lobby", 40);
        using ChatSubscription reader = await FollowAsync("lobby", after);
        Assert.Equal((after, 40), (reader.Position, reader.End));

        List<ChatEntry> read = await reader.ReadAsync(count);

        Assert.Equal(Enumerable.Range((int)after + 1, count).Select(i => (long)i), read.Select(entry => entry.Sequence));
        Assert.Equal(40, reader.Position);
    }

    [Theory]
    [InlineData(41L)]
    [InlineData(long.MaxValue)]
    public async Task A_position_beyond_the_end_is_refused(long after)
    {
        await SpeakAsync(await CreateAsync("Ada"), "lobby", 40);

        Assert.Null(await Chat.SubscribeAsync("lobby", after, Cancellation));
        Assert.Null(await Chat.SubscribeAsync("empty", 1, Cancellation));
        Assert.Equal(0, Chat.RoomCount);
    }

    [Fact]
    public async Task Without_a_position_only_what_comes_after_now_is_read()
    {
        User ada = await CreateAsync("Ada");
        await SpeakAsync(ada, "lobby", 3);
        using ChatSubscription reader = await FollowAsync("lobby", null);
        Task<IReadOnlyList<ChatEntry>> reading = reader.ReadAsync(Cancellation).AsTask();
        Assert.False(reading.IsCompleted);
        await Chat.PostAsync("other room", ada.Id, "elsewhere", Cancellation);
        Assert.False(reading.IsCompleted);

        await Chat.PostAsync("lobby", ada.Id, "now", Cancellation);

        Assert.Equal((4, "now"), Assert.Single((await reading).Select(entry => (entry.Sequence, entry.Text))));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(500)]
    public async Task A_reader_behind_the_tail_reads_the_table_and_then_goes_on_live(int behind)
    {
        User ada = await CreateAsync("Ada");
        using ChatSubscription reader = await FollowAsync("lobby", null);

        await SpeakAsync(ada, "lobby", behind);
        List<ChatEntry> read = await reader.ReadAsync(behind);
        Task<IReadOnlyList<ChatEntry>> next = reader.ReadAsync(Cancellation).AsTask();
        await SpeakAsync(ada, "lobby", 1);

        Assert.Equal(Enumerable.Range(1, behind).Select(i => (long)i), read.Select(entry => entry.Sequence));
        Assert.Equal(behind + 1, Assert.Single(await next).Sequence);
    }

    [Fact]
    public async Task One_read_is_bounded()
    {
        User ada = await CreateAsync("Ada");
        await SpeakAsync(ada, "lobby", 75);
        using ChatSubscription reader = await FollowAsync("lobby", 0);

        Assert.Equal(32, (await reader.ReadAsync(Cancellation)).Count);
        Assert.Equal(32, (await reader.ReadAsync(Cancellation)).Count);
        Assert.Equal(11, (await reader.ReadAsync(Cancellation)).Count);
        Assert.Equal((75, 75), (reader.Position, reader.End));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_read_of_the_longest_messages_is_bounded_in_bytes(bool fromTheTail)
    {
        string longest = string.Concat(Enumerable.Repeat("🙂", 4_000));
        User ada = await CreateAsync("Ada");
        using ChatSubscription? follows = fromTheTail ? await FollowAsync("lobby", null) : null;
        await Chat.PostAsync("lobby", ada.Id, [.. Enumerable.Repeat(longest, 16)], Cancellation);
        using ChatSubscription reader = await FollowAsync("lobby", 0);

        for (int read = 0; read < 16;)
        {
            IReadOnlyList<ChatEntry> entries = await reader.ReadAsync(Cancellation);
            read += entries.Count;
            // The message that reaches the limit is whole.
            Assert.InRange(entries.Sum(entry => sizeof(char) * entry.Text.Length), 1, (64 * 1024) + (sizeof(char) * longest.Length));
        }

        Assert.Equal(16, reader.Position);
    }

    [Fact]
    public void A_rooms_tail_is_bounded_in_bytes_and_keeps_the_latest()
    {
        var room = new ChatRoom("lobby", 1_000);
        string text = new('x', 10_000);

        for (int sequence = 1; sequence <= 100; sequence++)
        {
            room.TryAppend([new ChatEntry("lobby", sequence, "ada", text, default)]);
        }

        // Twelve times 20 200 bytes; the thirteenth would be beyond 256 KiB.
        Assert.Empty(room.ReadTail(87, 32));
        Assert.Equal(89, room.ReadTail(88, 32)[0].Sequence);
        Assert.Equal(100, room.ReadTail(99, 32)[0].Sequence);
    }

    [Fact]
    public void A_message_larger_than_the_tail_is_kept_alone()
    {
        var room = new ChatRoom("lobby", 1_000);

        room.TryAppend([.. Enumerable.Range(1, 3).Select(sequence => new ChatEntry("lobby", sequence, "ada", new string('x', 200_000), default))]);

        Assert.Empty(room.ReadTail(1, 32));
        Assert.Equal(3, Assert.Single(room.ReadTail(2, 32)).Sequence);
    }

    [Fact]
    public async Task Readers_who_come_at_any_moment_get_each_message_once_and_in_order()
    {
        const int Count = 600;
        User ada = await CreateAsync("Ada");
        Task[] speaking = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => SpeakAsync(ada, "lobby", Count / 4)))];
        List<Task<(long From, long[] Sequences)>> readers = [];
        long? from = null;
        while (readers.Count < 60)
        {
            readers.Add(ReadToEndAsync(from));
            from = from is null ? readers.Count : null;
            await CreateAsync($"pace{readers.Count}");
        }

        await Task.WhenAll(speaking);

        Assert.All(await Task.WhenAll(readers), reader =>
            Assert.Equal(Enumerable.Range((int)reader.From + 1, Count - (int)reader.From).Select(i => (long)i), reader.Sequences));
        Assert.Equal(0, Chat.RoomCount);

        async Task<(long From, long[] Sequences)> ReadToEndAsync(long? after)
        {
            await Task.Yield();
            using ChatSubscription reader = await FollowAsync("lobby", after is null ? null : 0);
            long start = reader.Position;
            List<ChatEntry> entries = await reader.ReadAsync(Count - (int)start);
            return (start, [.. entries.Select(entry => entry.Sequence)]);
        }
    }

    [Fact]
    public async Task A_message_that_is_committed_while_somebody_joins_is_not_missed()
    {
        User ada = await CreateAsync("Ada");
        using HeldWriter holding = Hold();
        Task<ChatEntry?> post = Chat.PostAsync("lobby", ada.Id, "hello", Cancellation);
        using ChatSubscription reader = await FollowAsync("lobby", null);
        Assert.Equal((0, 0), (reader.Position, reader.End));

        await holding.ReleaseAsync();

        Assert.Equal(await post, Assert.Single(await reader.ReadAsync(Cancellation)));
    }

    [Fact]
    public async Task An_echo_is_in_the_room_before_its_speaker_is_told()
    {
        User ada = await CreateAsync("Ada");
        using ChatSubscription reader = await FollowAsync("lobby", null);

        for (int i = 1; i <= 100; i++)
        {
            await Chat.PostAsync("lobby", ada.Id, "hello", Cancellation);
            Assert.Equal(i, reader.End);
        }
    }

    [Fact]
    public async Task A_room_is_forgotten_when_its_last_reader_leaves()
    {
        User ada = await CreateAsync("Ada");
        await Chat.PostAsync("nobody listens", ada.Id, "hello?", Cancellation);
        Assert.Equal(0, Chat.RoomCount);
        ChatSubscription first = await FollowAsync("lobby", null);
        ChatSubscription second = await FollowAsync("lobby", null);
        ChatSubscription third = await FollowAsync("attic", null);
        Assert.Equal(2, Chat.RoomCount);

        first.Dispose();
        first.Dispose();
        third.Dispose();
        Assert.Equal(1, Chat.RoomCount);
        await Chat.PostAsync("lobby", ada.Id, "still here", Cancellation);
        Assert.Equal("still here", Assert.Single(await second.ReadAsync(Cancellation)).Text);

        second.Dispose();
        Assert.Equal(0, Chat.RoomCount);
    }

    [Fact]
    public async Task A_room_joined_again_goes_on_where_it_was()
    {
        User ada = await CreateAsync("Ada");
        (await FollowAsync("lobby", null)).Dispose();
        await SpeakAsync(ada, "lobby", 5);
        using ChatSubscription reader = await FollowAsync("lobby", 3);

        Assert.Equal([4, 5], (await reader.ReadAsync(2)).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Reading_and_joining_can_be_cancelled_and_lose_nothing()
    {
        User ada = await CreateAsync("Ada");
        using ChatSubscription reader = await FollowAsync("lobby", null);
        using var caller = new CancellationTokenSource();
        Task waiting = reader.ReadAsync(caller.Token).AsTask();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Chat.SubscribeAsync("attic", null, caller.Token));
        Assert.Equal(1, Chat.RoomCount);
        await SpeakAsync(ada, "lobby", 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadAsync(caller.Token));
        Assert.Equal(1, Assert.Single(await reader.ReadAsync(Cancellation)).Sequence);
    }

    [Fact]
    public async Task History_and_sequences_survive_a_restart()
    {
        using TestFolder folder = TestFolder.WithDatabase();
        string id;
        using (UserStore store = Open(folder))
        {
            id = (await store.Users.CreateAsync(new NewUser("Ada", "ada@example.org"), Cancellation)).User!.Id;
            await store.Chat.PostAsync("lobby", id, "before", Cancellation);
        }

        using UserStore again = Open(folder);
        using ChatSubscription reader = (await again.Chat.SubscribeAsync("lobby", 0, Cancellation))!;
        await again.Chat.PostAsync("lobby", id, "after", Cancellation);

        Assert.Equal(["before", "after"], (await reader.ReadAsync(2)).Select(entry => entry.Text));
    }

    [Fact]
    public async Task History_that_was_pruned_is_passed_over()
    {
        User ada = await CreateAsync("Ada");
        await SpeakAsync(ada, "lobby", 30);
        RawDatabase.Execute(Folder.Database, "DELETE FROM chat_messages WHERE sequence <= 20");
        using ChatSubscription reader = await FollowAsync("lobby", 0);

        Assert.Equal(Enumerable.Range(21, 10).Select(i => (long)i), (await reader.ReadAsync(10)).Select(entry => entry.Sequence));
    }

    private async Task<ChatSubscription> FollowAsync(string room, long? after)
    {
        ChatSubscription? subscription = await Chat.SubscribeAsync(room, after, Cancellation);
        Assert.NotNull(subscription);
        return subscription;
    }

    private async Task SpeakAsync(User user, string room, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            Assert.NotNull(await Chat.PostAsync(room, user.Id, $"message {i}", Cancellation));
        }
    }
}
