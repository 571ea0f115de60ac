using System.Threading.Channels;
using Grpc.Core;
using Users.Cli.Chat;
using Users.Cli.Connection;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests.Chat;

/// <summary>A stay in a room over several calls: the room is the scripted server's, call by call.</summary>
public sealed class ChatSessionTests
{
    private const string Ada = "ada";
    private readonly Channel<string> _input = Channel.CreateUnbounded<string>();
    private readonly List<ChatMessage> _said = [];
    private string _output = "";
    private string _notes = "";
    private TimeSpan[] _waits = [];

    [Fact(Timeout = 30_000)]
    public async Task After_a_break_it_says_again_what_did_not_come_back_under_the_same_request_ids()
    {
        await using ScriptedServer server = await StartAsync(
            Answer.Talk(async chat =>
            {
                Say("one", "two", "three");
                await HearAsync(chat, 3);
                await chat.SayAsync(1, Ada, "one", _said[0].RequestId);
            }, StatusCode.Unavailable),
            // "two" was stored, and "three" was not.
            Answer.Talk(async chat =>
            {
                await HearAsync(chat, 2);
                await chat.SayAsync(2, "alan", "hello");
                await chat.SayAsync(3, Ada, "two", _said[1].RequestId);
                await chat.SayAsync(4, Ada, "three", _said[2].RequestId);
                Leave();
                Assert.Null(await chat.HearAsync());
            }));

        await RunAsync(server, after: 0);

        Assert.Equal(["one", "two", "three", "two", "three"], _said.Select(line => line.Message));
        Assert.Equal(_said[1..3].Select(line => line.RequestId), _said[3..].Select(line => line.RequestId));
        Assert.Equal("#1 Ada: one\n#2 alan: hello\n#3 Ada: two\n#4 Ada: three\n", _output);
        Assert.Equal("The server is not available; joining again in 1.0 s...\nBack in the room.\n", _notes);
        Assert.Equal([0, 1], Joins(server).Select(join => join.AfterSequence));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_break_after_a_break_is_one_more_and_what_came_counts()
    {
        await using ScriptedServer server = await StartAsync(
            Answer.Failure(StatusCode.Unavailable),
            Answer.Failure(StatusCode.Unavailable),
            Answer.Talk(chat => chat.SayAsync(8, "alan", "hello"), StatusCode.Unavailable),
            Answer.Talk(chat =>
            {
                Leave();
                return chat.HearAsync();
            }));

        await RunAsync(server, after: 7);

        Assert.Equal([7, 7, 7, 8], Joins(server).Select(join => join.AfterSequence));
        Assert.Equal([1, 2, 1], _waits.Select(wait => wait.TotalSeconds));
        Assert.Equal("#8 alan: hello\n", _output);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_same_words_are_not_taken_for_one_s_own()
    {
        await using ScriptedServer server = await StartAsync(
            Answer.Talk(async chat =>
            {
                Say("hello");
                await HearAsync(chat, 1);
                await chat.SayAsync(1, "alan", "hello", _said[0].RequestId);
                await chat.SayAsync(2, Ada, "hello");
            }, StatusCode.Unavailable),
            Answer.Talk(async chat =>
            {
                await HearAsync(chat, 1);
                await chat.SayAsync(3, Ada, "hello", _said[1].RequestId);
                Leave();
                await chat.HearAsync();
            }));

        await RunAsync(server, after: 0);

        Assert.Equal("#1 alan: hello\n#2 Ada: hello\n#3 Ada: hello\n", _output);
    }

    [Fact(Timeout = 30_000)]
    public async Task Before_anything_was_heard_it_goes_on_from_where_it_joined()
    {
        await using ScriptedServer server = await StartAsync(
            Answer.Talk(async chat =>
            {
                await chat.JoinAsync(4);
                Say("one");
                await HearAsync(chat, 1);
            }, StatusCode.Unavailable),
            Answer.Talk(async chat =>
            {
                await chat.JoinAsync(4);
                await HearAsync(chat, 1);
                await chat.SayAsync(5, "alan", "hello");
                await chat.SayAsync(6, Ada, "one", _said[0].RequestId);
                Leave();
                Assert.Null(await chat.HearAsync());
            }));

        await RunAsync(server, after: null);

        Assert.Equal([false, true], Joins(server).Select(join => join.HasAfterSequence));
        Assert.Equal([0, 4], Joins(server).Select(join => join.AfterSequence));
        Assert.Equal("#5 alan: hello\n#6 Ada: one\n", _output);
    }

    [Fact(Timeout = 30_000)]
    public async Task Before_it_has_joined_it_joins_again_as_at_first_and_what_was_said_by_then_comes_as_a_receipt()
    {
        await using ScriptedServer server = await StartAsync(
            Answer.TalkThenBreak(async chat =>
            {
                Say("one");
                await HearAsync(chat, 1);
            }),
            Answer.Talk(async chat =>
            {
                await chat.JoinAsync(9);
                await HearAsync(chat, 1);
                await chat.SayAsync(5, Ada, "one", _said[0].RequestId);
            }, StatusCode.Unavailable),
            Answer.Talk(async chat =>
            {
                await chat.JoinAsync(9);
                Leave();
                Assert.Null(await chat.HearAsync());
            }));

        await RunAsync(server, after: null);

        Assert.Equal([false, false, true], Joins(server).Select(join => join.HasAfterSequence));
        Assert.Equal(9, Joins(server).Last().AfterSequence);
        Assert.Equal("#5 Ada: one\n", _output);
        Assert.EndsWith("Back in the room.\n", _notes, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_gives_up_and_says_what_did_not_come_back()
    {
        Say("one", "two");
        await using ScriptedServer server = await StartAsync(Answer.TalkThenBreak(chat => HearAsync(chat, 2)));

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => RunAsync(server, after: 7));

        Assert.Equal("2 of your lines did not come back; --after 7 shows whether they were stored.", failure.Advice);
        Assert.Equal(1 + Resumption.MaxTries, Joins(server).Count());
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_of_the_service_ends_it()
    {
        await using ScriptedServer server = await StartAsync(
            Answer.Failure(StatusCode.Unavailable), Answer.Failure(StatusCode.OutOfRange, "ahead"));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => RunAsync(server, after: 7));

        Assert.Equal((StatusCode.OutOfRange, 2), (failure.StatusCode, Joins(server).Count()));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_that_ended_is_still_said_to_its_end()
    {
        Say("one");
        Leave();
        await using ScriptedServer server = await StartAsync(
            Answer.TalkThenBreak(chat => HearAsync(chat, 1)),
            Answer.Talk(async chat =>
            {
                await HearAsync(chat, 1);
                Assert.Null(await chat.HearAsync());
                await chat.SayAsync(8, Ada, "one", _said[0].RequestId);
            }));

        await RunAsync(server, after: 7);

        Assert.Equal("#8 Ada: one\n", _output);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_person_leaves_at_once_while_it_waits_and_is_told_what_was_not_said(bool hasSaid)
    {
        await using ScriptedServer server = await StartAsync(
            Answer.Failure(StatusCode.Unavailable),
            // Silence: nothing but leaving ends this.
            Answer.Talk(async _ =>
            {
                Say(hasSaid ? ["one"] : []);
                Leave();
                await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            }));

        Exception? failure = await Record.ExceptionAsync(() => RunAsync(server, after: 7, leavesAtOnce: true));

        Assert.Equal(
            hasSaid ? "1 of your lines did not come back; --after 7 shows whether they were stored." : null,
            (failure as CommandException)?.Advice);
        Assert.Equal(hasSaid, failure is not null);
    }

    [Fact(Timeout = 30_000)]
    public async Task To_have_stayed_in_a_silent_room_is_progress()
    {
        TestSession session = null!;
        await using ScriptedServer server = await StartAsync(
            Answer.Failure(StatusCode.Unavailable),
            Answer.Talk(_ =>
            {
                session.Time.Move(Resumption.LongestDelay + TimeSpan.FromTicks(1));
                return Task.CompletedTask;
            }, StatusCode.Unavailable),
            Answer.Talk(_ => Task.CompletedTask, StatusCode.Unavailable),
            Answer.Failure(StatusCode.NotFound));

        using (session = new TestSession(server.Address))
        {
            await Assert.ThrowsAsync<RpcException>(() => RunAsync(session, after: 7));
        }

        Assert.Equal([1, 1, 2], _waits.Select(wait => wait.TotalSeconds));
    }

    private static Task<ScriptedServer> StartAsync(params Answer[] chats) => ScriptedServer.StartAsync(call => call.Method == "GetUser"
        ? Answer.Ok(new User { Id = Ada, Name = "Ada" })
        : call.Number <= chats.Length ? chats[call.Number - 1] : Answer.Failure(StatusCode.Unavailable));

    private static IEnumerable<ChatMessage> Joins(ScriptedServer server) => server.Calls
        .Where(call => call.Method == "ChatUsers").Select(call => ChatMessage.Parser.ParseFrom(call.Message));

    private void Say(params string[] lines) => Assert.All(lines, line => Assert.True(_input.Writer.TryWrite(line)));

    private void Leave() => _input.Writer.Complete();

    private async Task HearAsync(Conversation chat, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _said.Add((await chat.HearAsync())!);
        }
    }

    private async Task RunAsync(ScriptedServer server, long? after, bool leavesAtOnce = false)
    {
        using var session = new TestSession(server.Address);
        await RunAsync(session, after, leavesAtOnce);
    }

    private async Task RunAsync(TestSession session, long? after, bool leavesAtOnce = false)
    {
        var join = new ChatMessage { UserId = Ada, Room = "lobby" };
        if (after is { } sequence)
        {
            join.AfterSequence = sequence;
        }

        var names = new SpeakerNames(session.Session.Client);
        names.Keep(Ada, "Ada");
        names.Keep("alan", "alan");
        using var lines = new OwnLines(_input.Reader);
        var view = new ChatView(session.Recording.Screen, session.Session.Report, names, Ada, editor: null);
        try
        {
            var stay = new ChatSession(session.Session, join, lines, view) { LeavesAtOnce = leavesAtOnce };
            await stay.RunAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            (_output, _notes, _waits) = (session.Recording.Output, session.Recording.Error, [.. session.Time.Waits]);
        }
    }
}
