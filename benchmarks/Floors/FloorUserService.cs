using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Users.V1;

namespace Users.Benchmarks.Floors;

/// <summary>The contract's calls from memory, without a check of anything: what gRPC on Kestrel costs by itself.</summary>
internal sealed class FloorUserService(FloorUsers users) : UserService.UserServiceBase
{
    private const int FlushAfter = 500;
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly ConcurrentDictionary<string, FloorRoom> _rooms = [];
    private int _created;

    public override Task<User> GetUser(GetUserRequest request, ServerCallContext context) => Task.FromResult(users[request.Id]);

    public override Task<User> CreateUser(CreateUserRequest request, ServerCallContext context) =>
        Task.FromResult(users.All[Interlocked.Increment(ref _created) % users.All.Length]);

    public override async Task ListUsers(ListUsersRequest request, IServerStreamWriter<User> responseStream, ServerCallContext context)
    {
        for (int i = 0; i < users.All.Length; i++)
        {
            responseStream.WriteOptions = (i + 1) % FlushAfter == 0 ? null : Buffered;
            await responseStream.WriteAsync(users.All[i]);
        }
    }

    public override async Task<CreateUsersResponse> CreateUsers(
        IAsyncStreamReader<CreateUserRequest> requestStream, ServerCallContext context)
    {
        var response = new CreateUsersResponse();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            response.UserCount++;
        }

        return response;
    }

    public override async Task ChatUsers(
        IAsyncStreamReader<ChatMessage> requestStream, IServerStreamWriter<ChatMessage> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        (string user, string name) = (requestStream.Current.UserId, requestStream.Current.Room);
        FloorRoom room = _rooms.GetOrAdd(name, _ => new FloorRoom());
        Channel<ChatMessage> messages = room.Enter();
        await context.WriteResponseHeadersAsync([]);
        Task delivering = DeliverAsync(messages.Reader, responseStream);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            room.Post(new ChatMessage
            {
                UserId = user,
                Message = requestStream.Current.Message,
                Room = name,
                Timestamp = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow),
            });
        }

        room.Leave(messages);
        await delivering;
    }

    // One flush for all that waits.
    private static async Task DeliverAsync(ChannelReader<ChatMessage> messages, IServerStreamWriter<ChatMessage> stream)
    {
        while (await messages.WaitToReadAsync())
        {
            while (messages.TryRead(out ChatMessage? message))
            {
                stream.WriteOptions = messages.TryPeek(out _) ? Buffered : null;
                await stream.WriteAsync(message);
            }
        }
    }
}
