using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace Users.Server.Guards;

/// <summary>
/// Whether the text of a token and the issuer's keys alone judge it, so that its result may be kept. A check of somebody's own
/// (<see cref="JwtBearerEvents.OnTokenValidated"/>, a claims transformation) has to run for each call: where there is one, nothing is kept.
/// </summary>
internal sealed class TokenChecks(IOptionsMonitor<JwtBearerOptions> bearer, IOptions<Security> security)
{
    private static readonly Func<TokenValidatedContext, Task> Nothing = new JwtBearerEvents().OnTokenValidated;

    private readonly Lazy<bool> _mayKeep = new(() =>
        security.Value.RememberTokens && HasNone(bearer.Get(JwtBearerDefaults.AuthenticationScheme)));

    public bool MayKeep(IClaimsTransformation transformation) => _mayKeep.Value && transformation is NoopClaimsTransformation;

    private static bool HasNone(JwtBearerOptions options) => options.EventsType is null
        && (options.Events is null || (options.Events.GetType() == typeof(JwtBearerEvents) && options.Events.OnTokenValidated == Nothing));
}
