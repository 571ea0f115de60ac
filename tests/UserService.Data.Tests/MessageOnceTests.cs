namespace Users.Data.Tests;

public sealed class EfMessageOnceTests() : MessageOnceTests(path: null);

/// <summary>A message with a request id is said once in its room by its speaker, however often it is posted.</summary>
public abstract class MessageOnceTests(Action<UserStoreOptions>? path) : StoreTests(path)
{
    private static readonly string A = "0a000000-0000-4000-8000-00000000000a";
    private static readonly string B = "0b000000-0000-4000-8000-00000000000b";

    private ChatLog Chat => Store.Chat;

    [Fact]
    public async Task A_repeat_writes_nothing_and_answers_what_is_stored()
    {
        User ada = await CreateAsync("Ada");
        Posted first = await SayAsync("lobby", ada, new NewMessage("hello", A));
        Time.Advance(TimeSpan.FromHours(1));

        Posted repeat = await SayAsync("lobby", ada, new NewMessage("hello", A));

        ChatEntry said = Assert.Single(first.Added);
        Assert.Equal(("hello", A, 1), (said.Text, said.RequestId, said.Sequence));
        Assert.Equal((PostStatus.Done, 0), (repeat.Status, repeat.Added.Count));
        Assert.Equal(said, Assert.Single(repeat.Entries));
        Assert.Equal([said], await Chat.ReadTableAsync("lobby", 0, 10, Cancellation));
    }

    [Fact]
    public async Task Repeats_and_new_messages_of_one_post_each_have_their_place()
    {
        User ada = await CreateAsync("Ada");
        await SayAsync("lobby", ada, new NewMessage("one", A));

        Posted posted = await SayAsync(
            "lobby", ada, new("two"), new("one", A), new("three", B), new("three", B), new("two"));

        Assert.Equal([2, 1, 3, 3, 4], posted.Entries.Select(entry => entry.Sequence));
        Assert.Equal([2, 3, 4], posted.Added.Select(entry => entry.Sequence));
        Assert.Equal(
            ["one", "two", "three", "two"], (await Chat.ReadTableAsync("lobby", 0, 10, Cancellation)).Select(entry => entry.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_text_under_a_request_id_is_refused_and_what_came_before_it_stays(bool isOfThisPost)
    {
        User ada = await CreateAsync("Ada");
        if (!isOfThisPost)
        {
            await SayAsync("lobby", ada, new NewMessage("one", A));
        }

        Posted posted = await SayAsync("lobby", ada, [new("zero"), .. (NewMessage[])(isOfThisPost ? [new("one", A)] : []), new("other", A), new("after")]);

        Assert.Equal(PostStatus.RequestIdReused, posted.Status);
        Assert.Equal(["one", "zero"], (await Chat.ReadTableAsync("lobby", 0, 10, Cancellation)).Select(entry => entry.Text).Order());
        Assert.Equal(3, Assert.Single((await SayAsync("lobby", ada, new NewMessage("next"))).Entries).Sequence);
    }

    [Fact]
    public async Task A_request_id_is_that_of_one_speaker_in_one_room()
    {
        User ada = await CreateAsync("Ada");
        User alan = await CreateAsync("Alan");

        await SayAsync("lobby", ada, new NewMessage("one", A));
        Posted other = await SayAsync("lobby", alan, new NewMessage("two", A));
        Posted elsewhere = await SayAsync("kitchen", ada, new NewMessage("three", A));

        Assert.Equal([(2, 1), (1, 1)], ((Posted[])[other, elsewhere]).Select(posted => (posted.Entries[0].Sequence, (long)posted.Added.Count)));
    }

    [Fact]
    public async Task Many_callers_at_once_say_it_once()
    {
        User ada = await CreateAsync("Ada");
        Task<Posted>[] posts;
        using (HeldWriter holding = Hold())
        {
            posts = [.. Enumerable.Range(0, 50).Select(_ => SayAsync("lobby", ada, new NewMessage("hello", A)))];
            await holding.ReleaseAsync();
        }

        Posted[] posted = await Task.WhenAll(posts);

        Assert.Equal(1, posted.Sum(post => post.Added.Count));
        Assert.All(posted, post => Assert.Equal((1, A), (post.Entries[0].Sequence, post.Entries[0].RequestId)));
    }

    [Fact]
    public async Task A_room_whose_messages_are_all_pruned_goes_on_and_its_request_ids_are_forgotten()
    {
        User ada = await CreateAsync("Ada");
        await SayAsync("lobby", ada, new NewMessage("hello", A));
        RawDatabase.Execute(Folder.Database, "DELETE FROM chat_messages");

        Posted again = await SayAsync("lobby", ada, new NewMessage("other", A));

        Assert.Equal(2, Assert.Single(again.Added).Sequence);
    }

    [Fact]
    public async Task A_receipt_reaches_its_subscriber_alone_and_moves_no_position()
    {
        User ada = await CreateAsync("Ada");
        Posted said = await SayAsync("lobby", ada, new NewMessage("hello", A));
        using ChatSubscription own = (await Chat.SubscribeAsync("lobby", null, Cancellation))!;
        using ChatSubscription other = (await Chat.SubscribeAsync("lobby", null, Cancellation))!;
        ValueTask<IReadOnlyList<ChatEntry>> reading = own.ReadAsync(Cancellation);
        ValueTask<IReadOnlyList<ChatEntry>> readingOther = other.ReadAsync(Cancellation);

        await own.ReceiveAsync(said.Entries, Cancellation);

        Assert.Equal(said.Entries, await reading);
        Assert.Equal((1, 1), (own.Start, own.Position));
        await SayAsync("lobby", ada, new NewMessage("next"));
        Assert.Equal("next", Assert.Single(await readingOther).Text);
        Assert.Equal("next", Assert.Single(await own.ReadAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task Receipts_that_are_not_read_hold_up_what_repeats_itself()
    {
        User ada = await CreateAsync("Ada");
        Posted said = await SayAsync("lobby", ada, new NewMessage("hello", A));
        using ChatSubscription own = (await Chat.SubscribeAsync("lobby", null, Cancellation))!;
        await own.ReceiveAsync(said.Entries, Cancellation);

        ValueTask second = own.ReceiveAsync(said.Entries, Cancellation);

        Assert.False(second.IsCompleted);
        Assert.True(own.HasReceipts);
        await own.ReadAsync(Cancellation);
        await second;
    }

    private Task<Posted> SayAsync(string room, User speaker, params NewMessage[] messages) =>
        Chat.PostAsync(room, speaker.Id, messages, Cancellation);
}
