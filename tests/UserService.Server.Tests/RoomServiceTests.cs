using Grpc.Core;
using Users.Data;
using Users.Server.Tests.Support;
using Users.V1;
using User = Users.V1.User;

namespace Users.Server.Tests;

/// <summary>The chat in calls of one direction: the log, the words and the errors are those of ChatUsers.</summary>
public sealed class RoomServiceTests
{
    private const string A = "0a000000-0000-4000-8000-00000000000a";
    private const string Nobody = "00000000-0000-4000-8000-000000000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_by_one_call_all_hear()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine", afterSequence: 0);
        User alan = await server.AddUserAsync("Alan");
        using AsyncServerStreamingCall<ChatMessage> watch = Watch(server, "engine", 0);

        ChatMessage posted = await PostAsync(server, "engine", alan, "by a post", A);
        await ada.SayAsync("by a chat");

        IReadOnlyList<ChatMessage> heard = await ada.HearAsync(2);
        Assert.Equal([(1, alan.Id, "by a post", A), (2, ada.Id, "by a chat", "")], heard.Select(line => (line.Sequence, line.UserId, line.Message, line.RequestId)));
        Assert.Equal(heard[0], posted);
        Assert.Equal(heard, await HearAsync(watch, 2));
        Assert.NotNull(posted.Timestamp);
    }

    [Fact]
    public async Task A_watch_says_at_once_where_it_begins_and_hears_only_what_comes_after()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        await PostAsync(server, "engine", ada, "before");

        using AsyncServerStreamingCall<ChatMessage> watch = Watch(server, "engine", null);
        Assert.Equal("1", (await watch.ResponseHeadersAsync).GetValue("room-sequence"));
        await PostAsync(server, "engine", ada, "after");

        Assert.Equal("after", Assert.Single(await HearAsync(watch, 1)).Message);
    }

    [Fact]
    public async Task A_watch_goes_on_after_the_sequence_that_it_names()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        foreach (string text in (string[])["one", "two", "three"])
        {
            await PostAsync(server, "engine", ada, text);
        }

        using AsyncServerStreamingCall<ChatMessage> watch = Watch(server, "engine", 1);

        Assert.Equal("1", (await watch.ResponseHeadersAsync).GetValue("room-sequence"));
        Assert.Equal(["two", "three"], (await HearAsync(watch, 2)).Select(line => line.Message));
    }

    [Fact]
    public async Task Without_a_name_the_room_is_the_lobby()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AsyncServerStreamingCall<ChatMessage> watch = Watch(server, "", 0);

        ChatMessage posted = await PostAsync(server, "", await server.AddUserAsync("Ada"), "hello");

        Assert.Equal("lobby", posted.Room);
        Assert.Equal(posted, Assert.Single(await HearAsync(watch, 1)));
    }

    [Fact]
    public async Task A_post_with_a_request_id_is_said_once_over_every_call()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        using Person person = await Person.JoinAsync(server, ada, "engine");
        await person.SayAsync("one", A);
        await person.HearAsync(1);

        ChatMessage first = await PostAsync(server, "engine", ada, "one", A.ToUpperInvariant());
        ChatMessage other = await PostAsync(server, "engine", ada, "two");
        ChatMessage again = await PostAsync(server, "engine", ada, "one", A);

        Assert.Equal((1, A, 2), (first.Sequence, first.RequestId, other.Sequence));
        Assert.Equal(first, again);
        (await Failure.OfAsync(() => PostAsync(server, "engine", ada, "another", A))).AssertIs(StatusCode.InvalidArgument, "REQUEST_ID_REUSED");
        Assert.Equal("two", Assert.Single(await person.LeaveAsync()).Message);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_post_is_told_at_once()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Chat:SpeakersAreUsers=true");
        var wrong = new PostMessageRequest { Room = new string('x', 101), UserId = "42", RequestId = "42" };

        Failure failure = await Failure.OfAsync(server.Rooms.PostMessageAsync(wrong, cancellationToken: Token));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.Equal(["message", "request_id", "room", "user_id"], failure.Violations.Select(violation => violation.Field).Order());
    }

    [Theory]
    [InlineData("text", "message")]
    [InlineData("\0", "message")]
    public async Task A_text_that_a_chat_refuses_a_post_refuses(string text, string field)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var wrong = new PostMessageRequest { UserId = Nobody, Message = text == "text" ? new string('x', 4001) : text };

        Failure failure = await Failure.OfAsync(server.Rooms.PostMessageAsync(wrong, cancellationToken: Token));

        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.Equal(field, Assert.Single(failure.Violations).Field);
    }

    [Fact]
    public async Task A_room_with_a_name_from_before_todays_rules_is_read_and_not_spoken_in()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        const string Old = "a\u202Eb";
        await server.Store.Chat.PostAsync(Old, ada.Id, [new NewMessage("then")], Token);

        using AsyncServerStreamingCall<ChatMessage> watch = Watch(server, Old, 0);

        Assert.Equal("then", Assert.Single(await HearAsync(watch, 1)).Message);
        Failure failure = await Failure.OfAsync(() => PostAsync(server, Old, ada, "now"));
        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.Equal("room", Assert.Single(failure.Violations).Field);
    }

    [Fact]
    public async Task A_watch_that_asks_for_what_cannot_be_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Failure failure = await Failure.OfAsync(() => Watch(server, new string('x', 101), -1).ResponseStream.MoveNext(Token));
        failure.AssertIs(StatusCode.InvalidArgument, "INVALID_FIELDS");
        Assert.Equal(["room", "after_sequence"], failure.Violations.Select(violation => violation.Field));
        (await Failure.OfAsync(() => Watch(server, "engine", 1).ResponseStream.MoveNext(Token))).AssertIs(StatusCode.OutOfRange, "SEQUENCE_AHEAD");
    }

    [Fact]
    public async Task Where_speakers_must_be_users_a_post_of_nobody_finds_none()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Chat:SpeakersAreUsers=true");

        (await Failure.OfAsync(() => PostAsync(server, "engine", new User { Id = Nobody }, "hello"))).AssertIs(StatusCode.NotFound, "USER_NOT_FOUND");
    }

    [Fact]
    public async Task With_a_token_one_posts_as_its_subject_alone_and_watches_as_nobody()
    {
        using var issuer = new TokenIssuer();
        await using RunningServer server = await RunningServer.StartAsync([.. issuer.Settings, "--Chat:SpeakersAreUsers=false"]);
        Metadata token = issuer.Bearer(TimeProvider.System.GetUtcNow(), "chat", A);
        Task<ChatMessage> SayAsync(string userId) => server.Rooms.PostMessageAsync(
            new() { UserId = userId, Message = "hello" }, token, cancellationToken: Token).ResponseAsync;
        using AsyncServerStreamingCall<ChatMessage> watch = server.Rooms.WatchRoom(new() { AfterSequence = 0 }, token, cancellationToken: Token);

        (await Failure.OfAsync(() => SayAsync(Nobody))).AssertIs(StatusCode.PermissionDenied, "SCOPE_MISSING");
        ChatMessage posted = await SayAsync(A);

        Assert.Equal(posted, Assert.Single(await HearAsync(watch, 1)));
    }

    [Fact]
    public async Task A_watch_ends_with_the_server_and_says_so()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AsyncServerStreamingCall<ChatMessage> watch = Watch(server, "engine", null);
        await watch.ResponseHeadersAsync;

        Task stopped = server.StopAsync();

        (await Failure.OfAsync(() => watch.ResponseStream.MoveNext(Token))).AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        await stopped;
    }

    [Fact]
    public async Task A_watcher_that_goes_leaves_nothing_behind()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using (AsyncServerStreamingCall<ChatMessage> watch = Watch(server, "engine", null))
        {
            await watch.ResponseHeadersAsync;
            Assert.Equal(1, server.Store.Chat.SubscriberCount);
        }

        await server.Log.WaitForCallAsync("WatchRoom", "Cancelled");
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }

    private static AsyncServerStreamingCall<ChatMessage> Watch(RunningServer server, string room, long? afterSequence)
    {
        var request = new WatchRoomRequest { Room = room };
        if (afterSequence is { } after)
        {
            request.AfterSequence = after;
        }

        return server.Rooms.WatchRoom(request, cancellationToken: Token);
    }

    private static Task<ChatMessage> PostAsync(RunningServer server, string room, User user, string text, string requestId = "") => server.Rooms.PostMessageAsync(
        new() { Room = room, UserId = user.Id, Message = text, RequestId = requestId }, cancellationToken: Token).ResponseAsync;

    private static async Task<List<ChatMessage>> HearAsync(AsyncServerStreamingCall<ChatMessage> watch, int count)
    {
        List<ChatMessage> heard = [];
        while (heard.Count < count && await watch.ResponseStream.MoveNext(Token))
        {
            heard.Add(watch.ResponseStream.Current);
        }

        return heard;
    }
}
