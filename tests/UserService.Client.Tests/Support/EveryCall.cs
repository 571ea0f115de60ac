using Grpc.Core;
using Users.V1;

namespace Users.Client.Tests.Support;

/// <summary>Makes a call of any method by its name, with an empty message, and waits for its end.</summary>
internal static class EveryCall
{
    public static async Task MakeAsync(UserService.UserServiceClient client, string method, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case "GetUser":
                await client.GetUserAsync(new GetUserRequest(), cancellationToken: cancellationToken);
                break;
            case "CreateUser":
                await client.CreateUserAsync(new CreateUserRequest(), cancellationToken: cancellationToken);
                break;
            case "UpdateUser":
                await client.UpdateUserAsync(new UpdateUserRequest(), cancellationToken: cancellationToken);
                break;
            case "DeleteUser":
                await client.DeleteUserAsync(new DeleteUserRequest(), cancellationToken: cancellationToken);
                break;
            case "ListUsers":
                using (AsyncServerStreamingCall<User> list = client.ListUsers(new ListUsersRequest(), cancellationToken: cancellationToken))
                {
                    await list.ResponseStream.ReadAllAsync(cancellationToken).CountAsync(cancellationToken);
                }

                break;
            case "CreateUsers":
                using (var import = client.CreateUsers(cancellationToken: cancellationToken))
                {
                    await import.RequestStream.CompleteAsync();
                    await import.ResponseAsync;
                }

                break;
            case "ChatUsers":
                using (var chat = client.ChatUsers(cancellationToken: cancellationToken))
                {
                    await chat.RequestStream.CompleteAsync();
                    await chat.ResponseStream.ReadAllAsync(cancellationToken).CountAsync(cancellationToken);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such method.");
        }
    }
}
