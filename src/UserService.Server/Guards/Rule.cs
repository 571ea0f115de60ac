using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Users.Server.Guards;

/// <summary>What a policy asks of a caller.</summary>
internal sealed class Rule(Predicate<ClaimsPrincipal> allows) : AuthorizationHandler<Rule>, IAuthorizationRequirement
{
    public bool Allows(ClaimsPrincipal caller) => allows(caller);

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Rule requirement)
    {
        if (Allows(context.User))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>
/// The framework's evaluation, which makes some twenty objects for each call, left out where a policy is one rule that the caller
/// meets. Any other policy, and each refusal, is the framework's.
/// </summary>
internal sealed class RuleEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    private static readonly Task<PolicyAuthorizationResult> Success = Task.FromResult(PolicyAuthorizationResult.Success());
    private static readonly Task<AuthenticateResult> Unknown = Task.FromResult(AuthenticateResult.NoResult());

    public override Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) =>
        policy.AuthenticationSchemes.Count == 0 && context.User.Identity?.IsAuthenticated is not true
            ? Unknown
            : base.AuthenticateAsync(policy, context);

    public override Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource) =>
        policy.Requirements is [Rule rule] && rule.Allows(context.User)
            ? Success
            : base.AuthorizeAsync(policy, authenticationResult, context, resource);
}
