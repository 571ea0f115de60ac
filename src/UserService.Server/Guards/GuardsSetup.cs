using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>The guards of the door: which callers are let in, how often, and to what.</summary>
internal static class GuardsSetup
{
    public static Security AddGuards(this WebApplicationBuilder builder)
    {
        Security security = builder.AddSettings<Security>("Security");
        if (security.RequireTls)
        {
            TlsSetup.CheckEndpoints(builder.Configuration);
        }

        if (security.ClientCaFile is { Length: > 0 } caFile)
        {
            builder.WebHost.ConfigureKestrel(kestrel => ClientCertificates.Require(kestrel, caFile));
        }

        if (security.RequireTokens)
        {
            builder.AddTokens();
        }

        builder.AddPermissions(security);
        builder.AddRateLimits();
        return security;
    }
}
