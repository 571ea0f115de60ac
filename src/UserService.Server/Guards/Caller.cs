using System.Globalization;
using System.Security.Claims;

namespace Users.Server.Guards;

/// <summary>What a call's token says of its caller.</summary>
internal static class Caller
{
    /// <summary>The token's subject, which is the caller's user id; null where no token is asked for.</summary>
    public static string? Subject(ClaimsPrincipal caller) => caller.FindFirst("sub")?.Value;

    public static bool Has(ClaimsPrincipal caller, string permission) => caller
        .FindAll(claim => claim.Type is "scope" or "scp")
        .Any(claim => claim.Value.Split(' ').Contains(permission));

    /// <summary>The claim <c>exp</c>, in seconds since 1970, which authentication insists on.</summary>
    public static DateTimeOffset TokenExpiry(ClaimsPrincipal caller) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(caller.FindFirst("exp")!.Value, CultureInfo.InvariantCulture));
}
