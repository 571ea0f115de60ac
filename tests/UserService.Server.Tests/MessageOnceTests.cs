using Grpc.Core;
using Users.Data;
using Users.Server.Tests.Support;
using Users.V1;
using User = Users.V1.User;

namespace Users.Server.Tests;

/// <summary>A message with a request_id is said once, over every stream of its speaker.</summary>
public sealed class MessageOnceTests
{
    private const string A = "0a000000-0000-4000-8000-00000000000a";
    private const string B = "0b000000-0000-4000-8000-00000000000b";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_request_id_comes_back_in_lowercase_to_every_reader()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine", afterSequence: 0);
        using Person alan = await Person.JoinAsync(server, "Alan", "engine", afterSequence: 0);

        await ada.SayAsync("hello", A.ToUpperInvariant());
        await ada.SayAsync("without");

        Assert.All([await ada.HearAsync(2), await alan.HearAsync(2)], heard => Assert.Equal([A, ""], heard.Select(message => message.RequestId)));
    }

    [Fact]
    public async Task A_repeat_on_the_same_stream_comes_once_in_its_turn()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using Person ada = await Person.JoinAsync(server, "Ada", "engine", afterSequence: 0);

        await ada.SayAsync("one", A);
        await ada.HearAsync(1);
        await ada.SayAsync("one", A);
        await ada.SayAsync("two", B);

        Assert.Equal([(2, "two")], (await ada.LeaveAsync()).Select(message => (message.Sequence, message.Message)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(ChatLog.MaxPost + 1)]
    public async Task What_was_said_before_the_stream_began_comes_to_this_stream_alone_as_a_receipt(int count)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        NewMessage[] said = [.. Enumerable.Range(1, count).Select(i => new NewMessage($"{i}", $"0a000000-0000-4000-8000-{i:d12}"))];
        foreach (NewMessage[] some in said.Chunk(ChatLog.MaxPost))
        {
            await server.Store.Chat.PostAsync("engine", ada.Id, some, Token);
        }

        using Person alan = await Person.JoinAsync(server, "Alan", "engine", afterSequence: count);
        using Person again = await Person.JoinAsync(server, ada, "engine");
        await again.SayAsync("next");
        Assert.Equal(count + 1, Assert.Single(await again.HearAsync(1)).Sequence);

        foreach (NewMessage message in said)
        {
            await again.SayAsync(message.Text, message.RequestId!);
        }

        Assert.Equal(
            said.Select((message, i) => (i + 1L, message.Text, message.RequestId)),
            (await again.LeaveAsync()).Select(message => (message.Sequence, message.Message, (string?)message.RequestId)));
        Assert.Equal("next", Assert.Single(await alan.LeaveAsync()).Message);
    }

    [Fact]
    public async Task Another_text_ends_the_call_and_what_came_before_it_is_stored()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        using Person first = await Person.JoinAsync(server, ada, "engine", afterSequence: 0);

        await first.SayAsync("one", A);
        await first.SayAsync("two");
        await first.SayAsync("other", A);
        await first.SayAsync("never");
        Failure failure = await Failure.OfAsync(() => first.HearAsync(4));

        Assert.Equal(("REQUEST_ID_REUSED", StatusCode.InvalidArgument), (failure.Reason, failure.Code));
        using Person again = await Person.JoinAsync(server, ada, "engine", afterSequence: 0);
        Assert.Equal(["one", "two"], (await again.LeaveAsync()).Select(message => message.Message));
    }

    [Theory]
    [InlineData("hello", "not-a-uuid", "request_id")]
    [InlineData("", A, "request_id")]
    [InlineData("", "not-a-uuid", "request_id,request_id")]
    public async Task A_first_message_with_a_bad_request_id_is_refused(string text, string requestId, string fields)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = ada.Id, Message = text, RequestId = requestId }, Token);

        Failure failure = await Failure.OfAsync(() => chat.ResponseStream.MoveNext(Token));

        Assert.Equal("INVALID_FIELDS", failure.Reason);
        Assert.Equal(fields.Split(','), failure.Detail<Google.Rpc.BadRequest>().FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public async Task Fifty_streams_that_say_it_at_once_say_it_once()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User ada = await server.AddUserAsync("Ada");
        using Person listener = await Person.JoinAsync(server, "Alan", "engine", afterSequence: 0);

        IReadOnlyList<ChatMessage>[] heard = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using Person ada2 = await Person.JoinAsync(server, ada, "engine");
            await ada2.SayAsync("hello", A);
            return await ada2.LeaveAsync();
        }));

        Assert.All(heard, messages => Assert.Equal((1L, A), Assert.Single(messages.Select(message => (message.Sequence, message.RequestId)))));
        Assert.Single(await listener.LeaveAsync());
    }
}
