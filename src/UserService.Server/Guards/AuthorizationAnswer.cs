using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Users.Server.Calls;
using Status = Google.Rpc.Status;

namespace Users.Server.Guards;

/// <summary>Answers why a caller may not call. The framework's own answer, HTTP 401 or 403, does not say to a gRPC client what to do.</summary>
internal sealed partial class AuthorizationAnswer(IOptions<Security> security, ILogger<AuthorizationAnswer> logger) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : RefuseAsync(context, authorizeResult.Challenged && security.Value.RequireTokens);

    private async Task RefuseAsync(HttpContext context, bool needsToken)
    {
        if (needsToken)
        {
            await Refusal.AnswerAsync(context, WhyUnknown(await context.AuthenticateAsync()));
        }
        else if (context.GetEndpoint() is { } endpoint)
        {
            await Refusal.AnswerAsync(context, WhyForbidden(endpoint));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static Status WhyUnknown(AuthenticateResult token) => token.Failure switch
    {
        null => GuardFailures.TokenMissing(),
        IssuerUnavailableException => GuardFailures.IssuerUnavailable(),
        SecurityTokenExpiredException => GuardFailures.TokenExpired(),
        _ => GuardFailures.TokenInvalid(),
    };

    private Status WhyForbidden(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is { } permission)
        {
            return GuardFailures.ScopeMissing(permission);
        }

        Log.NoRule(logger, endpoint.DisplayName);
        return GuardFailures.NobodyAllowed();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No rule says who may call {Endpoint}, so it is refused: give its method a line in Guards/Permissions.cs, "
            + "or write .RequireAuthorization(\"a permission\") or .AllowAnonymous() behind its mapping")]
        public static partial void NoRule(ILogger logger, string? endpoint);
    }
}
