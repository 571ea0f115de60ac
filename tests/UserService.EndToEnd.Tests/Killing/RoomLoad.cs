using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Killing;

/// <summary>
/// A room with a few speakers, each with a stream of its own that hears all of them and has a few messages under way. What one of
/// them heard is stored; what was only said may be.
/// </summary>
internal sealed class RoomLoad(string room, IReadOnlyList<User> speakers)
{
    private const int UnderWay = 4;

    private readonly List<ChatMessage> _history = [];
    // Since the last restart; each text names its speaker and is said once.
    private readonly Dictionary<long, ChatMessage> _heard = [];
    private readonly HashSet<string> _said = [];

    /// <summary>The speakers, each of which ends with the server.</summary>
    public IEnumerable<Task> Run(
        UserService.UserServiceClient client, Acknowledgements acknowledgements, CancellationToken cancellationToken) =>
        speakers.Select(speaker => SpeakAsync(client, speaker, acknowledgements, cancellationToken));

    /// <summary>Checks that the room goes on without a gap, with all that was heard and with nothing that nobody said.</summary>
    /// <param name="client">Of the restarted server.</param>
    /// <param name="whole">Whether to compare the history from its beginning, too.</param>
    public async Task CheckAsync(UserService.UserServiceClient client, bool whole)
    {
        List<ChatMessage> added = await client.ReadRoomAsync(speakers[0].Id, room, _history.Count);
        Assert.DoesNotContain(_heard.Values, heard => !heard.Equals(added.ElementAtOrDefault((int)heard.Sequence - _history.Count - 1)));
        Assert.DoesNotContain(added, message => !_said.Remove(Said(message.UserId, message.Message)));
        _history.AddRange(added);
        _heard.Clear();
        _said.Clear();
        if (whole)
        {
            Assert.Equal(_history, await client.ReadRoomAsync(speakers[0].Id, room));
        }
    }

    private static string Said(string speaker, string text) => $"{speaker}: {text}";

    private async Task SpeakAsync(
        UserService.UserServiceClient client, User speaker, Acknowledgements acknowledgements, CancellationToken cancellationToken)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(Join(speaker, _history.Count), cancellationToken);
        for (int i = 0; i < UnderWay; i++)
        {
            await SayAsync();
        }

        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            Hear(call.ResponseStream.Current);
            if (call.ResponseStream.Current.UserId == speaker.Id)
            {
                acknowledgements.Add();
                await SayAsync();
            }
        }

        async Task SayAsync()
        {
            string text = $"{Guid.NewGuid()}";
            lock (_said)
            {
                _said.Add(Said(speaker.Id, text));
            }

            await call.RequestStream.WriteAsync(new ChatMessage { Message = text }, cancellationToken);
        }
    }

    private void Hear(ChatMessage message)
    {
        lock (_heard)
        {
            if (!_heard.TryAdd(message.Sequence, message))
            {
                Assert.Equal(_heard[message.Sequence], message);
            }
        }
    }

    private ChatMessage Join(User speaker, long after) => new() { UserId = speaker.Id, Room = room, AfterSequence = after };
}
