using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>
/// JWT bearer tokens, judged by <c>Authentication:Schemes:Bearer</c>: ValidIssuer(s), ValidAudience(s), and the keys of
/// <see cref="TokenKeys"/>. It is the section that <c>dotnet user-jwts create</c> writes for Development.
/// </summary>
internal static class TokenSetup
{
    /// <summary>How far the clocks of the issuer and of this server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("Authentication:Schemes:Bearer");
        string[] issuers = Values(section, "ValidIssuer");
        string[] audiences = Values(section, "ValidAudience");
        SecurityKey[] keys = TokenKeys.Read(section);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<TokenCache>();
        builder.Services.AddScoped<IAuthenticationService, CachedAuthentication>();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TimeProvider>((bearer, time) =>
        {
            // The claims keep the names that they have in the token.
            bearer.MapInboundClaims = false;
            // Nobody asks for the token itself again, and its result is kept.
            bearer.SaveToken = false;
            bearer.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuers = issuers,
                ValidAudiences = audiences,
                IssuerSigningKeys = keys,
                LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, time.GetUtcNow().UtcDateTime),
            };
        });
    }

    private static bool IsAlive(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires + ClockSkew <= now ? throw new SecurityTokenExpiredException()
        : expires is not null && (notBefore is null || notBefore - ClockSkew <= now);

    private static string[] Values(IConfigurationSection section, string key)
    {
        IEnumerable<IConfigurationSection> settings = section.GetSection(key + "s").GetChildren().Append(section.GetSection(key));
        string[] values = [.. settings.Select(setting => setting.Value).OfType<string>().Where(value => value.Trim().Length > 0)];
        return values.Length > 0
            ? values
            : throw BadSetting.Because(
                $"{section.Path}:{key} is not set: name it, or switch authentication off with Security:RequireTokens=false.");
    }
}
