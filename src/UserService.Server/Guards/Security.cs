using Users.Server.Hosting;

namespace Users.Server.Guards;

/// <summary>
/// The section <c>Security</c> of the settings. TLS and tokens are asked for unless each is switched off by name, as
/// Development's settings do: without what they need, the server does not start.
/// </summary>
internal sealed class Security
{
    /// <summary>Whether each endpoint that speaks HTTP/2 must be https.</summary>
    public bool RequireTls { get; set; } = true;

    /// <summary>Whether each call, but for health, needs a token.</summary>
    public bool RequireTokens { get; set; } = true;

    /// <summary>A PEM file of the authorities that issue client certificates; with it every TLS connection needs one.</summary>
    public string? ClientCaFile { get; set; }
}

internal static class SecuritySetup
{
    public static Security AddSecurity(this WebApplicationBuilder builder)
    {
        Security security = builder.AddSettings<Security>("Security");
        if (security.RequireTls)
        {
            CheckEndpoints(builder);
        }

        if (security.ClientCaFile is { Length: > 0 } caFile)
        {
            builder.WebHost.ConfigureKestrel(kestrel => ClientCertificates.Require(kestrel, caFile));
        }

        builder.AddPermissions(security);
        if (security.RequireTokens)
        {
            builder.AddTokens();
        }

        return security;
    }

    // An endpoint for HTTP/1.1 alone serves only the probes, which tell nothing.
    private static void CheckEndpoints(WebApplicationBuilder builder)
    {
        foreach (IConfigurationSection endpoint in builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Protocols"] != "Http1" && !BindingAddress.Parse(endpoint["Url"]!).Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            {
                throw StartFailure.BadSetting(
                    $"{endpoint.Path}:Url is cleartext: write https:// and name a certificate in {endpoint.Path}:Certificate, "
                    + "or set Security:RequireTls=false where something else encrypts.");
            }
        }
    }
}
