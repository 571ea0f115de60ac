using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;
using Users.Server.Calls;

namespace Users.Server.Guards;

/// <summary>
/// The one table of what each method needs. A token grants permissions by its claims <c>scope</c>, <c>scp</c> and <c>roles</c>, separated by spaces. An
/// endpoint that is in neither part of the table, and says nothing by itself, is refused.
/// </summary>
internal static class Permissions
{
    public const string Read = "users.read";
    public const string Write = "users.write";
    public const string Chat = "chat";

    /// <summary>All of them, each the name of a policy.</summary>
    public static readonly string[] All = [Read, Write, Chat];

    private static readonly Dictionary<string, string> ByMethod = new()
    {
        ["/users.v1.UserService/GetUser"] = Read,
        ["/users.v1.UserService/ListUsers"] = Read,
        ["/users.v1.UserService/CreateUser"] = Write,
        ["/users.v1.UserService/UpdateUser"] = Write,
        ["/users.v1.UserService/DeleteUser"] = Write,
        ["/users.v1.UserService/CreateUsers"] = Write,
        ["/users.v1.UserService/ChatUsers"] = Chat,
        ["/users.v1.RoomService/WatchRoom"] = Chat,
        ["/users.v1.RoomService/PostMessage"] = Chat,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Read,
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = Read,
    };

    /// <summary>The permission that a method needs, such as that of <c>/users.v1.UserService/GetUser</c>; null where the table has no line for it.</summary>
    public static string? Of(string method) => ByMethod.GetValueOrDefault(method);

    /// <summary>Gives each endpoint of the group the rule that the table has for it.</summary>
    public static RouteGroupBuilder RequirePermissions(this RouteGroupBuilder routes)
    {
        IHostEnvironment environment = ((IEndpointRouteBuilder)routes).ServiceProvider.GetRequiredService<IHostEnvironment>();
        // When all else has been said of an endpoint: only then it is known whose it is.
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            if (RuleOf(endpoint, environment) is { } rule)
            {
                endpoint.Metadata.Add(rule);
            }
        });
        return routes;
    }

    private static object? RuleOf(EndpointBuilder endpoint, IHostEnvironment environment)
    {
        string? method = endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.FullName;
        return IsOpen(endpoint, method, environment) ? new AllowAnonymousAttribute()
            : method is not null && Of(method) is { } permission ? new AuthorizeAttribute(permission)
            // What the library answers UNIMPLEMENTED: any caller with a token may hear so.
            : endpoint is RouteEndpointBuilder route && route.RoutePattern.GetParameter("unimplementedMethod") is not null ? new AuthorizeAttribute()
            : null;
    }

    // What needs no token, all of it: the health, and in Development the contract.
    private static bool IsOpen(EndpointBuilder endpoint, string? method, IHostEnvironment environment) =>
        endpoint.Metadata.OfType<Probe>().Any()
        || (environment.IsDevelopment() && method?.StartsWith("/grpc.reflection.", StringComparison.Ordinal) is true);
}
