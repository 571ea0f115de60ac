using Grpc.Net.Client;
using Users.V1;

namespace Users.Server.Tests.Support;

/// <summary>A call of each method of the contract, with an empty request.</summary>
internal static class EveryMethod
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IReadOnlyDictionary<string, Func<GrpcChannel, Task>> Calls { get; } = new Dictionary<string, Func<GrpcChannel, Task>>
    {
        ["GetUser"] = channel => new UserService.UserServiceClient(channel).GetUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["CreateUser"] = channel => new UserService.UserServiceClient(channel).CreateUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["UpdateUser"] = channel => new UserService.UserServiceClient(channel).UpdateUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["DeleteUser"] = channel => new UserService.UserServiceClient(channel).DeleteUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["ListUsers"] = channel => new UserService.UserServiceClient(channel).ListUsers(new(), cancellationToken: Token).ResponseStream.MoveNext(Token),
        ["CreateUsers"] = channel => new UserService.UserServiceClient(channel).CreateUsers(cancellationToken: Token).ResponseAsync,
        ["ChatUsers"] = channel => new UserService.UserServiceClient(channel).ChatUsers(cancellationToken: Token).ResponseStream.MoveNext(Token),
        ["WatchRoom"] = channel => new RoomService.RoomServiceClient(channel).WatchRoom(new(), cancellationToken: Token).ResponseStream.MoveNext(Token),
        ["PostMessage"] = channel => new RoomService.RoomServiceClient(channel).PostMessageAsync(new(), cancellationToken: Token).ResponseAsync,
    };
}
