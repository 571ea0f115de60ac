using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

public sealed class ChatUsersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everyone_in_the_room_receives_every_message_the_speaker_too()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        using Person grace = await Person.JoinAsync(server, "Grace", "engine", afterSequence: 0);
        using Person elsewhere = await Person.JoinAsync(server, "Eve", "other");

        await ada.SayAsync("hello");
        IReadOnlyList<ChatMessage> first = await grace.HearAsync(1);
        await grace.SayAsync("hi");

        ChatMessage[] expected = [
            new() { UserId = ada.Id, Message = "hello", Room = "engine", Sequence = 1 },
            new() { UserId = grace.Id, Message = "hi", Room = "engine", Sequence = 2 }];
        Assert.Equal(expected, (await ada.HearAsync(2)).Select(WithoutTime));
        Assert.Equal(expected, first.Concat(await grace.HearAsync(1)).Select(WithoutTime));
        Assert.Empty(await elsewhere.LeaveAsync());
    }

    [Fact]
    public async Task The_default_room_is_the_lobby_and_a_first_message_with_a_text_speaks()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);

        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id.ToUpperInvariant(), Message = "hello" }, Token);

        Assert.True(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal(("lobby", "hello", ada.Id, 1L),
            (chat.ResponseStream.Current.Room, chat.ResponseStream.Current.Message, chat.ResponseStream.Current.UserId, chat.ResponseStream.Current.Sequence));
    }

    [Fact]
    public async Task What_the_first_message_says_is_stored_before_anything_is_heard()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync();
        for (int said = 0; said < 50; said++)
        {
            using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
            await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Message = "hello", AfterSequence = 0 }, Token);
            Assert.True(await chat.ResponseStream.MoveNext(Token));
            // Leaves at once: what still waited for the writer would not be said.
        }

        using Person listener = await Person.JoinAsync(server, ada, "", afterSequence: 0);
        Assert.Equal(50, (await listener.LeaveAsync()).Count);
    }

    [Fact]
    public async Task The_time_of_a_message_is_the_servers()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time);
        User ada = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);

        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Message = "hello", Timestamp = new() { Seconds = 1 }, Sequence = 42 }, Token);

        Assert.True(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal(time.GetUtcNow(), chat.ResponseStream.Current.Timestamp.ToDateTimeOffset());
        Assert.Equal(1, chat.ResponseStream.Current.Sequence);
    }

    [Theory]
    [InlineData(null, "2")]
    [InlineData(0L, "0")]
    [InlineData(1L, "1")]
    public async Task A_stream_begins_with_its_position_in_the_room(long? after, string position)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync();
        await server.Store.Chat.PostAsync("lobby", ada.Id, [new Data.NewMessage("one"), new Data.NewMessage("two")], Token);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        var join = new ChatMessage { UserId = ada.Id };
        if (after is { } sequence)
        {
            join.AfterSequence = sequence;
        }

        await chat.RequestStream.WriteAsync(join, Token);

        Assert.Equal(position, (await chat.ResponseHeadersAsync).GetValue("room-sequence"));
    }

    [Fact]
    public async Task Closing_one_side_delivers_up_to_the_rooms_end_and_then_ends_OK()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        for (int i = 1; i <= 600; i++)
        {
            await ada.SayAsync($"message {i}");
        }

        IReadOnlyList<ChatMessage> heard = await ada.LeaveAsync();

        Assert.Equal(Enumerable.Range(1, 600).Select(i => $"message {i}"), heard.Select(message => message.Message));
    }

    [Fact]
    public async Task A_stream_closed_before_its_first_message_ends_OK()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);

        await chat.RequestStream.CompleteAsync();

        Assert.False(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.OK, chat.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(150, 250)]
    [InlineData(400, 0)]
    public async Task After_sequence_replays_and_goes_on_live_without_gap_or_repeat(long after, int replayed)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        for (int i = 1; i <= 400; i++)
        {
            await ada.SayAsync($"message {i}");
        }

        await ada.HearAsync(400);
        using Person grace = await Person.JoinAsync(server, "Grace", "engine", after);
        await ada.SayAsync("live");

        IReadOnlyList<ChatMessage> heard = await grace.HearAsync(replayed + 1);

        Assert.Equal(Enumerable.Range((int)after + 1, replayed + 1).Select(i => (long)i), heard.Select(message => message.Sequence));
        Assert.Equal("live", heard[^1].Message);
    }

    [Fact]
    public async Task Many_speakers_are_heard_by_all_in_one_order()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        List<Person> people = [];
        for (int i = 0; i < 10; i++)
        {
            people.Add(await Person.JoinAsync(server, $"Person {i}", "crowd", afterSequence: 0));
        }

        await Task.WhenAll(people.Select(async person =>
        {
            for (int i = 0; i < 50; i++)
            {
                await person.SayAsync($"{person.Id} {i}");
            }
        }));

        IReadOnlyList<ChatMessage> first = await people[0].HearAsync(500);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), first.Select(message => message.Sequence));
        foreach (Person person in people.Skip(1))
        {
            Assert.Equal(first, await person.HearAsync(500));
        }

        people.ForEach(person => person.Dispose());
    }

    [Fact]
    public async Task One_user_may_join_a_room_from_two_streams()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync();
        using Person phone = await Person.JoinAsync(server, ada, "engine", afterSequence: 0);
        using Person laptop = await Person.JoinAsync(server, ada, "engine", afterSequence: 0);

        await phone.SayAsync("hello");

        Assert.Equal("hello", Assert.Single(await phone.HearAsync(1)).Message);
        Assert.Equal("hello", Assert.Single(await laptop.HearAsync(1)).Message);
    }

    [Fact]
    public async Task The_deletion_of_a_user_ends_its_chats_and_what_it_said_stays()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        await ada.SayAsync("I was here");
        await ada.HearAsync(1);
        using Person elsewhere = await Person.JoinAsync(server, await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token), "lobby", 0);
        await elsewhere.SayAsync("and here");
        await elsewhere.HearAsync(1);
        await server.Client.DeleteUserAsync(new() { Id = ada.Id }, cancellationToken: Token);

        (await Failure.OfAsync(() => ada.HearAsync(1))).AssertIs(StatusCode.NotFound, "USER_NOT_FOUND");
        (await Failure.OfAsync(() => elsewhere.HearAsync(1))).AssertIs(StatusCode.NotFound, "USER_NOT_FOUND");

        using Person grace = await Person.JoinAsync(server, "Grace", "engine", afterSequence: 0);

        Assert.Equal(("I was here", ada.Id), (await grace.HearAsync(1)) is [var said] ? (said.Message, said.UserId) : default);
    }

    [Fact]
    public async Task A_room_from_before_the_rules_for_names_can_still_be_read()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync();
        await server.Store.Chat.PostAsync("a\u202Eb", ada.Id, [new Data.NewMessage("an old message")], Token);

        using Person reader = await Person.JoinAsync(server, ada, "a\u202Eb", afterSequence: 0);

        Assert.Equal("an old message", Assert.Single(await reader.HearAsync(1)).Message);
    }

    [Fact]
    public async Task What_was_said_before_a_message_that_is_refused_is_stored()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:StoreBusy=00:01:00");
        User ada = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Room = "engine" }, Token);
        await chat.ResponseHeadersAsync;
        // While the first is being stored the others arrive, and are then read at once.
        using (new HeldDatabase(server))
        {
            foreach (string text in new[] { "one", "two", "three", "", "five" })
            {
                await chat.RequestStream.WriteAsync(new() { Message = text }, Token);
            }

            await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token);
        }

        Failure failure = await Failure.OfAsync(async () => await chat.ResponseStream.ReadAllAsync(Token).CountAsync(Token));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        using Person grace = await Person.JoinAsync(server, "Grace", "engine", afterSequence: 0);
        Assert.Equal(["one", "two", "three"], (await grace.LeaveAsync()).Select(message => message.Message));
    }

    [Fact]
    public async Task A_stalled_chat_of_a_deleted_user_is_reset_after_a_grace()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:StreamGrace=00:00:03");
        User ada = await server.AddUserAsync();
        User eve = await server.AddUserAsync();
        using Person speaker = await Person.JoinAsync(server, ada.Name, "engine");
        var client = new UserService.UserServiceClient(server.Connect());
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> stalled = client.ChatUsers(cancellationToken: Token);
        await stalled.RequestStream.WriteAsync(new() { UserId = eve.Id, Room = "engine" }, Token);
        await stalled.ResponseHeadersAsync;
        // Several times what HTTP/2's windows take.
        foreach (string text in Enumerable.Repeat(new string('x', 4_000), 600))
        {
            await speaker.SayAsync(text);
        }

        await speaker.HearAsync(600);
        await server.Client.DeleteUserAsync(new() { Id = eve.Id }, cancellationToken: Token);
        Assert.DoesNotContain(server.Log.Lines, IsEnd);
        // The deletion is made known on a thread of the pool, perhaps after its answer.
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(3));
        time.Advance(TimeSpan.FromSeconds(3));

        // The server is rid of it, though its reader has not read again.
        await server.Log.WaitForAsync(IsEnd);
        Assert.Equal(StatusCode.Unavailable, (await Failure.OfAsync(async () => await stalled.ResponseStream.ReadAllAsync(Token).CountAsync(Token))).Code);

        static bool IsEnd(LogLine line) => line.Text.Contains("ChatUsers ended NotFound ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_refused_is_told_even_where_those_before_it_cannot_be_stored()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the server does not notice that its file was moved, or nobody can move it.");
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:StoreBusy=00:01:00");
        server.Log.Expected = line => line.Text.StartsWith("The database file is gone", StringComparison.Ordinal);
        User ada = await server.AddUserAsync();
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = ada.Id, Room = "engine" }, Token);
        await chat.ResponseHeadersAsync;

        // While the first is being stored the others arrive, and from then on nothing can be stored.
        using (var held = new HeldDatabase(server))
        {
            await chat.RequestStream.WriteAsync(new() { Message = "one" }, Token);
            await held.WaitForWriterAsync();
            await chat.RequestStream.WriteAsync(new() { Message = "two" }, Token);
            await chat.RequestStream.WriteAsync(new() { Message = "three", Room = "other" }, Token);
            await server.Client.GetUserAsync(new() { Id = ada.Id }, cancellationToken: Token);
            File.Move(server.DatabaseFile, server.DatabaseFile + ".away");
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Failure failure = await Failure.OfAsync(async () => await chat.ResponseStream.ReadAllAsync(Token).CountAsync(Token));

        failure.AssertIs(StatusCode.FailedPrecondition, "ALREADY_JOINED");
        File.Move(server.DatabaseFile + ".away", server.DatabaseFile);
    }

    [Fact]
    public async Task A_chat_that_never_sends_its_first_message_ends_STREAM_IDLE()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:StreamIdle=00:00:07");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        Task<bool> next = chat.ResponseStream.MoveNext(Token);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));

        (await Failure.OfAsync(() => next)).AssertIs(StatusCode.DeadlineExceeded, "STREAM_IDLE");
    }

    [Fact]
    public async Task A_silent_listener_is_fine()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:StreamIdle=00:00:07");
        using Person ada = await Person.JoinAsync(server, "Ada", "engine");
        await ada.SayAsync("hello");
        await ada.HearAsync(1);

        time.Advance(TimeSpan.FromDays(1));
        await ada.SayAsync("still here");

        Assert.Equal("still here", (await ada.HearAsync(1))[0].Message);
    }

    private static ChatMessage WithoutTime(ChatMessage message) => new(message) { Timestamp = null };
}
