using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Chat;
using Users.Server.Errors;
using Users.V1;
using User = Users.V1.User;

namespace Users.Server.Users;

/// <summary>Each call reads its request, asks the repository or the chat log, and answers in the wire's terms.</summary>
internal sealed class UserGrpcService(UserRepository users, UserImport import, ChatSessions chat) : UserService.UserServiceBase
{
    public override async Task<User> GetUser(GetUserRequest request, ServerCallContext context)
    {
        string id = UserRequests.Read(request);
        Data.User? user = await users.FindAsync(id, context.CancellationToken);
        return user?.ToWire() ?? throw Failures.UserNotFound(id).ToException();
    }

    public override async Task<User> CreateUser(CreateUserRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        NewUser user = UserRequests.Read(request, violations);
        violations.ThrowIfAny();
        UserWrite write = await users.CreateAsync(user, context.CancellationToken);
        return write.User?.ToWire() ?? throw write.Status.ToFailure(null, user.Email).ToException();
    }

    public override async Task<User> UpdateUser(UpdateUserRequest request, ServerCallContext context)
    {
        UserChange change = UserRequests.Read(request);
        UserWrite write = await users.UpdateAsync(change, context.CancellationToken);
        return write.User?.ToWire() ?? throw write.Status.ToFailure(change.Id, change.Email).ToException();
    }

    public override async Task<Empty> DeleteUser(DeleteUserRequest request, ServerCallContext context)
    {
        (string id, string? etag) = UserRequests.Read(request);
        UserWriteStatus status = await users.DeleteAsync(id, etag, context.CancellationToken);
        return status is UserWriteStatus.Done ? new Empty() : throw status.ToFailure(id, null).ToException();
    }

    // Page by page: while a slow client reads, neither a transaction nor a connection of the database is held.
    public override async Task ListUsers(ListUsersRequest request, IServerStreamWriter<User> responseStream, ServerCallContext context)
    {
        (string? afterId, long count) = UserRequests.Read(request);
        var outgoing = new BufferedStream<User>(responseStream, context);
        await foreach (IReadOnlyList<Data.User> page in users.ListPagesAsync(afterId, count, context.CancellationToken))
        {
            for (int i = 0; i < page.Count; i++)
            {
                // One flush for each page, with its last message.
                await outgoing.WriteAsync(page[i].ToWire(), flush: i + 1 == page.Count);
            }
        }
    }

    public override Task<CreateUsersResponse> CreateUsers(IAsyncStreamReader<CreateUserRequest> requestStream, ServerCallContext context) =>
        import.RunAsync(requestStream, context.CancellationToken);

    public override Task ChatUsers(
        IAsyncStreamReader<ChatMessage> requestStream, IServerStreamWriter<ChatMessage> responseStream, ServerCallContext context) =>
        chat.RunAsync(requestStream, responseStream, context);
}
