using Grpc.Core;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Settings;
using Users.V1;

namespace Users.Server.Chat;

/// <summary>The chat in two calls of one direction each.</summary>
internal sealed class RoomGrpcService(Rooms rooms, Speakers speakers, IOptions<Limits> limits) : RoomService.RoomServiceBase
{
    public override async Task WatchRoom(WatchRoomRequest request, IServerStreamWriter<ChatMessage> responseStream, ServerCallContext context)
    {
        (string room, long? afterSequence) = ChatRules.Read(request, limits.Value);
        using ChatSubscription subscription = await rooms.FollowAsync(room, afterSequence, context);
        var outgoing = new BufferedStream<ChatMessage>(responseStream, context);
        while (true)
        {
            await Rooms.WriteAsync(outgoing, await subscription.ReadAsync(context.CancellationToken), long.MaxValue);
        }
    }

    public override async Task<ChatMessage> PostMessage(PostMessageRequest request, ServerCallContext context)
    {
        speakers.RequireCaller(request.UserId, context);
        (string userId, string room, NewMessage message) = ChatRules.Read(request, speakers, limits.Value);
        Posted posted = await rooms.PostAsync(room, userId, [message], context.CancellationToken);
        return Rooms.ToWire(posted.Entries[0]);
    }
}
