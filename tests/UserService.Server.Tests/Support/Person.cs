using Grpc.Core;
using Users.V1;

namespace Users.Server.Tests.Support;

/// <summary>Someone with an open ChatUsers stream.</summary>
internal sealed class Person : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ChatMessage, ChatMessage> _chat;

    private Person(string id, AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat) => (Id, _chat) = (id, chat);

    public string Id { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Person> JoinAsync(RunningServer server, string name, string room, long? afterSequence = null) =>
        await JoinAsync(server, await server.AddUserAsync(name), room, afterSequence);

    public static async Task<Person> JoinAsync(RunningServer server, User user, string room, long? afterSequence = null)
    {
        var person = new Person(user.Id, server.Client.ChatUsers(cancellationToken: Token));
        var join = new ChatMessage { UserId = user.Id, Room = room };
        if (afterSequence is { } after)
        {
            join.AfterSequence = after;
        }

        await person._chat.RequestStream.WriteAsync(join, Token);
        return person;
    }

    public Task SayAsync(string text, string requestId = "") =>
        _chat.RequestStream.WriteAsync(new ChatMessage { Message = text, RequestId = requestId }, Token);

    /// <summary>Waits for the next messages.</summary>
    public async Task<IReadOnlyList<ChatMessage>> HearAsync(int count)
    {
        var heard = new List<ChatMessage>();
        while (heard.Count < count)
        {
            Assert.True(await _chat.ResponseStream.MoveNext(Token));
            heard.Add(_chat.ResponseStream.Current);
        }

        return heard;
    }

    /// <summary>Closes this side and answers what was still delivered; the call then ends OK.</summary>
    public async Task<IReadOnlyList<ChatMessage>> LeaveAsync()
    {
        await _chat.RequestStream.CompleteAsync();
        var heard = new List<ChatMessage>();
        while (await _chat.ResponseStream.MoveNext(Token))
        {
            heard.Add(_chat.ResponseStream.Current);
        }

        Assert.Equal(StatusCode.OK, _chat.GetStatus().StatusCode);
        return heard;
    }

    public void Dispose() => _chat.Dispose();
}
