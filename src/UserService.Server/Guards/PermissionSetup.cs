using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Users.Server.Guards;

/// <summary>The framework's authorisation: a policy for each permission, and refusal where an endpoint has no rule.</summary>
internal static class PermissionSetup
{
    public static void AddPermissions(this WebApplicationBuilder builder, Security security)
    {
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswer>();
        builder.Services.AddSingleton<IPolicyEvaluator, RuleEvaluator>();
        AuthorizationBuilder authorization = builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(Policy(_ => false))
            .SetDefaultPolicy(Policy(caller => !security.RequireTokens || caller.Identity?.IsAuthenticated is true));
        foreach (string permission in Permissions.All)
        {
            authorization.AddPolicy(permission, Policy(caller => !security.RequireTokens || Has(caller, permission)));
        }
    }

    private static AuthorizationPolicy Policy(Predicate<ClaimsPrincipal> allows) =>
        new AuthorizationPolicyBuilder().AddRequirements(new Rule(allows)).Build();

    private static bool Has(ClaimsPrincipal caller, string permission) => caller
        .FindAll(claim => claim.Type is "scope" or "scp" or "roles")
        .Any(claim => claim.Value.Split(' ').Contains(permission));
}
