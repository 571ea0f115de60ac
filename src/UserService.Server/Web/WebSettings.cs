using Users.Server.Settings;

namespace Users.Server.Web;

/// <summary>The section <c>Web</c> of the settings.</summary>
internal sealed class WebSettings
{
    /// <summary>Whether the calls are offered as gRPC-Web, and the page that makes them.</summary>
    public bool Enabled { get; set; }

    /// <summary>The origins of pages elsewhere whose browsers may call, such as <c>https://admin.example.com</c>, with spaces between them.</summary>
    public string Origins { get; set; } = "";

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">One is not an origin: the start ends.</exception>
    public string[] ReadOrigins()
    {
        string[] origins = Origins.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(origins, origin => !IsOrigin(origin)) is { } wrong
            ? throw BadSetting.Because($"Web:Origins cannot have '{wrong}': write each as https://admin.example.com, with its port if it has one.")
            : origins;
    }

    // As a browser writes it, or no browser's would be equal to it.
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.GetLeftPart(UriPartial.Authority) == origin;
}
