using Microsoft.Extensions.Options;
using Users.Server.Calls;
using Users.Server.Errors;

namespace Users.Server.Guards;

/// <summary>Authorisation: refuses a call whose token does not grant what its method needs, before anything of the call is read.</summary>
internal sealed class PermissionGuard(RequestDelegate next, IOptions<Security> security)
{
    public Task InvokeAsync(HttpContext context) =>
        security.Value.RequireTokens
        && GrpcProtocol.IsGrpc(context.Request)
        && context.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>() is { Name: string permission }
        && !Caller.Has(context.User, permission)
            ? GrpcProtocol.RefuseAsync(context, Failures.ScopeMissing(permission))
            : next(context);
}
