using System.Threading.Channels;
using Grpc.Core;
using Users.Client.Connection;
using Users.V1;

namespace Users.Client.Tour.Streaming;

/// <summary>One end of a bidirectional call: the caller's code writes, a loop reads, and neither waits for the other.</summary>
internal sealed class ChatParticipant : IDisposable
{
    private readonly TourContext _tour;
    private readonly User _user;
    private readonly string _label;
    private readonly IReadOnlyDictionary<string, string> _names;
    private readonly CancellationToken _cancellationToken;
    private readonly AsyncDuplexStreamingCall<ChatMessage, ChatMessage> _call;
    private readonly Channel<ChatMessage> _echoes = Channel.CreateUnbounded<ChatMessage>();
    private readonly Task _reading;

    /// <param name="tour">Where to chat, and where to show it.</param>
    /// <param name="user">The speaker; one user may have two streams.</param>
    /// <param name="label">Tells this end from the other.</param>
    /// <param name="names">The names of the speakers, by id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public ChatParticipant(
        TourContext tour, User user, string label, IReadOnlyDictionary<string, string> names, CancellationToken cancellationToken)
    {
        (_tour, _user, _label, _names, _cancellationToken) = (tour, user, label, names, cancellationToken);
        _call = tour.Client.ChatUsers(cancellationToken: cancellationToken);
        _reading = ReadAsync();
    }

    /// <summary>Speaks, and waits until the message came back: then it is stored, and everyone in the room has it or will.
    /// The first message also joins <paramref name="room"/>.</summary>
    public async Task SayAsync(string text, string room = "")
    {
        // Said once under its request_id, so it may be sent again when it did not come back.
        var message = new ChatMessage { UserId = _user.Id, Room = room, Message = text, RequestId = Guid.CreateVersion7().ToString() };
        _tour.Sent($"{_label}: {message}");
        try
        {
            await _call.RequestStream.WriteAsync(message, _cancellationToken);
            while ((await _echoes.Reader.ReadAsync(_cancellationToken)).RequestId != message.RequestId)
            {
                // The same user said something elsewhere.
            }
        }
        catch (Exception e) when (EndedCall.ExplainsWrite(e))
        {
            // The call has ended; the loop that read it knows why.
            await _reading;
            throw new RpcException(new Status(StatusCode.Internal, "The server ended the chat before the message came back."));
        }
    }

    /// <summary>Closes this side; the server delivers what is still under way, then ends the call.</summary>
    public async Task LeaveAsync()
    {
        await _call.RequestStream.CompleteAsync();
        await _reading;
        _tour.Received($"{_label}'s stream ended: {_call.GetStatus().StatusCode}");
    }

    public void Dispose() => _call.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            await foreach (ChatMessage message in _call.ResponseStream.ReadAllAsync(_cancellationToken))
            {
                _tour.Received($"{_label} hears #{message.Sequence} {_names.GetValueOrDefault(message.UserId, message.UserId)}: {message.Message}");
                if (message.UserId == _user.Id)
                {
                    _echoes.Writer.TryWrite(message);
                }
            }
        }
        finally
        {
            _echoes.Writer.Complete();
        }
    }
}
