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

    /// <summary>Whether what a good token says is kept until it expires; false: each call checks its token anew.</summary>
    public bool RememberTokens { get; set; } = true;

    /// <summary>A PEM file of the authorities that issue client certificates; with it every TLS connection needs one.</summary>
    public string? ClientCaFile { get; set; }
}
