using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>
/// JWT bearer tokens, judged by <c>Authentication:Schemes:Bearer</c>: ValidAudience(s), and either an Authority that publishes its name and
/// its keys (<see cref="IssuerKeys"/>), or ValidIssuer(s) and the keys of <see cref="TokenKeys"/>; or both. It is the section that <c>dotnet user-jwts create</c> writes for Development.
/// </summary>
internal static class TokenSetup
{
    /// <summary>How far the clocks of the issuer and of this server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("Authentication:Schemes:Bearer");
        IssuerSettings? issuer = IssuerSettings.Read(section);
        string[] issuers = Values(section, "ValidIssuer", isRequired: issuer is null);
        string[] audiences = Values(section, "ValidAudience", isRequired: true);
        SecurityKey[] keys = TokenKeys.Read(section, isRequired: issuer is null);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<TokenCache>();
        builder.Services.AddSingleton<TokenChecks>();
        builder.Services.AddScoped<IAuthenticationService, CachedAuthentication>();
        if (issuer is not null)
        {
            builder.Services.AddSingleton(issuer);
            builder.Services.AddSingleton<IssuerKeys>();
            builder.Services.AddHostedService(services => services.GetRequiredService<IssuerKeys>());
            builder.Services.AddHealthChecks().AddCheck<IssuerKeys>("issuer");
            builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<IssuerKeys>(
                (bearer, issuerKeys) =>
                {
                    bearer.ConfigurationManager = issuerKeys;
                    bearer.Events = new JwtBearerEvents { OnAuthenticationFailed = FailWithoutKeys };
                });
        }

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

    // Raised it would end the call without an answer that says why.
    private static Task FailWithoutKeys(AuthenticationFailedContext failed)
    {
        if (failed.Exception is IssuerUnavailableException)
        {
            failed.Fail(failed.Exception);
        }

        return Task.CompletedTask;
    }

    private static bool IsAlive(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires + ClockSkew <= now ? throw new SecurityTokenExpiredException()
        : expires is not null && (notBefore is null || notBefore - ClockSkew <= now);

    private static string[] Values(IConfigurationSection section, string key, bool isRequired)
    {
        IEnumerable<IConfigurationSection> settings = section.GetSection(key + "s").GetChildren().Append(section.GetSection(key));
        string[] values = [.. settings.Select(setting => setting.Value).OfType<string>().Where(value => value.Trim().Length > 0)];
        return values.Length > 0 || !isRequired
            ? values
            : throw BadSetting.Because(
                $"{section.Path}:{key} is not set: name it, or switch authentication off with Security:RequireTokens=false.");
    }
}
