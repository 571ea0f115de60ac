using Grpc.Core;
using Users.V1;

namespace Users.EndToEnd.Tests.Support;

/// <summary>Calls that many tests make.</summary>
internal static class Requests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Creates a user with an email of its own.</summary>
    public static async Task<User> AddUserAsync(this UserService.UserServiceClient client, string name) =>
        await client.CreateUserAsync(new() { Name = name, Email = $"{Guid.NewGuid():n}@example.com" }, cancellationToken: Token);

    public static async Task<User> GetAsync(this UserService.UserServiceClient client, string id) =>
        await client.GetUserAsync(new() { Id = id }, cancellationToken: Token);

    /// <summary>Every message of a room after this sequence, each of which follows the one before without a gap.</summary>
    public static async Task<List<ChatMessage>> ReadRoomAsync(
        this UserService.UserServiceClient client, string userId, string room, long after = 0)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = client.ChatUsers(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new() { UserId = userId, Room = room, AfterSequence = after }, Token);
        await call.RequestStream.CompleteAsync();
        List<ChatMessage> messages = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            messages.Add(call.ResponseStream.Current);
            Assert.Equal(after + messages.Count, call.ResponseStream.Current.Sequence);
        }

        return messages;
    }

    /// <summary>Every user after this id, in the order of their ids.</summary>
    public static async Task<IReadOnlyList<User>> ListAsync(this UserService.UserServiceClient client, string after = "")
    {
        using var call = client.ListUsers(new() { AfterId = after }, cancellationToken: Token);
        List<User> users = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            users.Add(call.ResponseStream.Current);
        }

        return users;
    }
}
