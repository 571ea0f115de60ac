using Users.V1;

namespace Users.Server.Tests.Support;

/// <summary>A call of each method of the service, with an empty request.</summary>
internal static class EveryMethod
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IReadOnlyDictionary<string, Func<UserService.UserServiceClient, Task>> Calls { get; } = new Dictionary<string, Func<UserService.UserServiceClient, Task>>
    {
        ["GetUser"] = client => client.GetUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["CreateUser"] = client => client.CreateUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["UpdateUser"] = client => client.UpdateUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["DeleteUser"] = client => client.DeleteUserAsync(new(), cancellationToken: Token).ResponseAsync,
        ["ListUsers"] = client => client.ListUsers(new(), cancellationToken: Token).ResponseStream.MoveNext(Token),
        ["CreateUsers"] = client => client.CreateUsers(cancellationToken: Token).ResponseAsync,
        ["ChatUsers"] = client => client.ChatUsers(cancellationToken: Token).ResponseStream.MoveNext(Token),
    };
}
