using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace Users.Server.Guards;

/// <summary>The framework's authentication, asked once for each token instead of for each call, where that is enough.</summary>
internal sealed class CachedAuthentication(
    TokenCache cache,
    TokenChecks checks,
    IAuthenticationSchemeProvider schemes,
    IAuthenticationHandlerProvider handlers,
    IClaimsTransformation transform,
    IOptions<AuthenticationOptions> options)
    : AuthenticationService(schemes, handlers, transform, options)
{
    public override Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) =>
        // Another scheme would read the same header in its own way.
        scheme == JwtBearerDefaults.AuthenticationScheme && context.Request.Headers.Authorization is [{ } header] && checks.MayKeep(Transform)
            ? cache.Find(header) ?? CheckAsync(context, scheme, header)
            : base.AuthenticateAsync(context, scheme);

    private async Task<AuthenticateResult> CheckAsync(HttpContext context, string? scheme, string header)
    {
        object keys = cache.Keys;
        AuthenticateResult result = await base.AuthenticateAsync(context, scheme);
        if (result.Succeeded)
        {
            cache.Keep(header, result, keys);
        }

        return result;
    }
}
