using System.Globalization;
using Users.Server.Settings;

namespace Users.Server.Guards;

/// <summary>An issuer that publishes its keys: <c>Authority</c> of the section <c>Authentication:Schemes:Bearer</c>.</summary>
/// <param name="Metadata">Where its discovery document is (OpenID Connect Discovery 1.0, section 4).</param>
/// <param name="RequireHttps">Whether that must be in TLS; only a test does without.</param>
/// <param name="Interval">After how long its keys are read again, <c>AutomaticRefreshInterval</c>.</param>
internal sealed record IssuerSettings(string Metadata, bool RequireHttps, TimeSpan Interval)
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <returns>Null where no issuer is named: its keys are files.</returns>
    public static IssuerSettings? Read(IConfigurationSection section)
    {
        if (section["Authority"] is not { Length: > 0 } authority)
        {
            return null;
        }

        bool requireHttps = !string.Equals(section["RequireHttpsMetadata"], bool.FalseString, StringComparison.OrdinalIgnoreCase);
        if (!Uri.TryCreate(authority, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttps && (requireHttps || address.Scheme != Uri.UriSchemeHttp)))
        {
            throw BadSetting.Because($"{section.Path}:Authority cannot be '{authority}': write the issuer's address, https://...");
        }

        return new IssuerSettings($"{authority.TrimEnd('/')}/.well-known/openid-configuration", requireHttps, ReadInterval(section));
    }

    private static TimeSpan ReadInterval(IConfigurationSection section)
    {
        string? text = section["AutomaticRefreshInterval"];
        return text is null ? DefaultInterval
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval) && interval >= 2 * IssuerKeys.Shortest && interval <= LongestInterval
                ? interval
            : throw BadSetting.Because($"{section.Path}:AutomaticRefreshInterval must be 00:00:10 to 1.00:00:00.");
    }
}
