using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.V1;

namespace Users.Server.Chat;

/// <summary>The rooms in the wire's terms, for each call that reads or writes one.</summary>
internal sealed class Rooms(ChatLog log)
{
    /// <summary>The response header that says where in its room a stream begins: after the message of this sequence.</summary>
    public const string PositionHeader = "room-sequence";

    private const int MaxUnsent = 16 * 1024;

    /// <summary>Follows a room, and tells the caller where that begins.</summary>
    /// <exception cref="RpcException">OUT_OF_RANGE: the room does not reach that far.</exception>
    public async Task<ChatSubscription> FollowAsync(string room, long? afterSequence, ServerCallContext context)
    {
        ChatSubscription subscription = await log.SubscribeAsync(room, afterSequence, context.CancellationToken)
            ?? throw Failures.SequenceAhead(room).ToException();
        try
        {
            await context.WriteResponseHeadersAsync(new Metadata { { PositionHeader, $"{subscription.Position}" } });
            return subscription;
        }
        catch
        {
            subscription.Dispose();
            throw;
        }
    }

    /// <exception cref="RpcException">The speaker is no user, or a request id has another text.</exception>
    public async Task<Posted> PostAsync(string room, string userId, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken)
    {
        Posted posted = await log.PostAsync(room, userId, messages, cancellationToken);
        return posted.Status switch
        {
            PostStatus.NotFound => throw Failures.UserNotFound(userId).ToException(),
            PostStatus.RequestIdReused => throw Failures.RequestIdReused().ToException(),
            _ => posted,
        };
    }

    /// <summary>Sends messages that were read at once, up to the sequence <paramref name="end"/>.</summary>
    public static async Task WriteAsync(BufferedStream<ChatMessage> outgoing, IReadOnlyList<ChatEntry> entries, long end)
    {
        long last = Math.Min(end, entries[^1].Sequence);
        int unsent = 0;
        foreach (ChatEntry entry in entries.TakeWhile(entry => entry.Sequence <= end))
        {
            // One flush for all of them, with the last; sooner for long ones, since until then they are copies in memory, of each
            // subscriber.
            unsent += entry.Text.Length;
            bool flush = entry.Sequence >= last || unsent >= MaxUnsent;
            unsent = flush ? 0 : unsent;
            await outgoing.WriteAsync(ToWire(entry), flush);
        }
    }

    public static ChatMessage ToWire(ChatEntry entry) => new()
    {
        Room = entry.Room,
        Sequence = entry.Sequence,
        UserId = entry.UserId,
        Message = entry.Text,
        Timestamp = Timestamp.FromDateTimeOffset(entry.Time),
        RequestId = entry.RequestId ?? "",
    };
}
