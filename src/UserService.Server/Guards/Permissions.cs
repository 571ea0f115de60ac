using Grpc.AspNetCore.Server;
using Users.V1;

namespace Users.Server.Guards;

/// <summary>
/// What a caller must be allowed for each method: the one table. A token grants permissions by its claim <c>scope</c> (or
/// <c>scp</c>), separated by spaces.
/// </summary>
internal static class Permissions
{
    public const string Read = "users.read";
    public const string Write = "users.write";
    public const string Chat = "chat";

    private static readonly Dictionary<string, string> ByMethod = new()
    {
        [nameof(UserService.UserServiceBase.GetUser)] = Read,
        [nameof(UserService.UserServiceBase.ListUsers)] = Read,
        [nameof(UserService.UserServiceBase.CreateUser)] = Write,
        [nameof(UserService.UserServiceBase.UpdateUser)] = Write,
        [nameof(UserService.UserServiceBase.DeleteUser)] = Write,
        [nameof(UserService.UserServiceBase.CreateUsers)] = Write,
        [nameof(UserService.UserServiceBase.ChatUsers)] = Chat,
    };

    /// <exception cref="InvalidOperationException">The table has no line for the method: the server does not start.</exception>
    public static string Of(string method) => ByMethod.TryGetValue(method, out string? permission)
        ? permission
        : throw new InvalidOperationException($"The table of permissions has no line for the method {method}.");

    /// <summary>Gives each method of the service the permission that the table says.</summary>
    public static void RequirePermissions(this GrpcServiceEndpointConventionBuilder service) => service.Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault() is { Method.Name: string method })
        {
            endpoint.Metadata.Add(new RequiredPermission(Of(method)));
        }
    });

    /// <summary>What reflection needs: whoever may read users may read the contract; in Development anybody may.</summary>
    public static object OfReflection(IHostEnvironment environment) =>
        environment.IsDevelopment() ? new OpenToAll() : new RequiredPermission(Read);
}

/// <summary>The permission that an endpoint needs.</summary>
internal sealed record RequiredPermission(string Name);

/// <summary>Marks an endpoint that needs no token.</summary>
internal sealed class OpenToAll;
