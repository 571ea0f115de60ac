namespace Users.Server.Guards;

/// <summary>The reasons of <see cref="GuardFailures"/>, beside those of the core.</summary>
internal static class GuardReasons
{
    public const string TokenMissing = "TOKEN_MISSING";
    public const string TokenInvalid = "TOKEN_INVALID";
    public const string TokenExpired = "TOKEN_EXPIRED";
    public const string IssuerUnavailable = "ISSUER_UNAVAILABLE";
    public const string RateLimited = "RATE_LIMITED";
    public const string TooManyStreams = "TOO_MANY_STREAMS";
}
