using Users.Server.Settings;

namespace Users.Server.Guards;

internal static class TlsSetup
{
    /// <summary>An endpoint for HTTP/1.1 alone may be cleartext: there <see cref="CleartextGuard"/> lets only the probes in.</summary>
    public static void CheckEndpoints(IConfiguration configuration)
    {
        foreach (IConfigurationSection endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Protocols"] != "Http1" && !BindingAddress.Parse(endpoint["Url"]!).Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            {
                throw BadSetting.Because(
                    $"{endpoint.Path}:Url is cleartext: write https:// and name a certificate in {endpoint.Path}:Certificate, "
                    + "or set Security:RequireTls=false where something else encrypts.");
            }
        }
    }
}
