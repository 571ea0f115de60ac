using System.Security.Claims;

namespace Users.Server.Guards;

/// <summary>What a call's token says of its caller.</summary>
internal static class Caller
{
    /// <summary>
    /// The token's subject, which is the caller's user id: empty where the token names none; null where no token is asked for.
    /// </summary>
    public static string? Subject(ClaimsPrincipal caller) =>
        caller.Identity?.IsAuthenticated is true ? caller.FindFirst("sub")?.Value ?? "" : null;

    public static bool Has(ClaimsPrincipal caller, string permission) => caller
        .FindAll(claim => claim.Type is "scope" or "scp")
        .Any(claim => claim.Value.Split(' ').Contains(permission));
}
