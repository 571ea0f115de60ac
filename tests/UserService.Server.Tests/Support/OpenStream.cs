using Grpc.Core;
using Users.V1;

namespace Users.Server.Tests.Support;

/// <summary>A stream of any kind, opened and brought to its middle.</summary>
internal static class OpenStream
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Answers how to read the stream to its end. A list needs the users of <see cref="RunningServer.FillAsync"/> to have a middle.</summary>
    public static async Task<Func<Task>> BeginAsync(
        RunningServer server, string method, UserService.UserServiceClient client, User user, CancellationToken token, DateTime? deadline = null)
    {
        switch (method)
        {
            case "ListUsers":
                AsyncServerStreamingCall<User> list = client.ListUsers(new(), deadline: deadline, cancellationToken: token);
                Assert.True(await list.ResponseStream.MoveNext(Token));
                return async () => await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token);
            case "CreateUsers":
                Task begun = server.Log.WaitForNextCallAsync(method);
                AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import =
                    client.CreateUsers(deadline: deadline, cancellationToken: token);
                await import.RequestStream.WriteAsync(new() { Name = "Eve", Email = "eve@example.com" }, Token);
                await begun;
                return () => import.ResponseAsync;
            default:
                AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = client.ChatUsers(deadline: deadline, cancellationToken: token);
                await chat.RequestStream.WriteAsync(new() { UserId = user.Id, Message = "hello" }, Token);
                Assert.True(await chat.ResponseStream.MoveNext(Token));
                return () => chat.ResponseStream.MoveNext(Token);
        }
    }
}
