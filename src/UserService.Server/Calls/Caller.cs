using System.Security.Claims;

namespace Users.Server.Calls;

/// <summary>The caller, where a part of the server has looked for it.</summary>
internal static class Caller
{
    /// <summary>The id of the user that calls, empty where the token names none; null where no token was asked for.</summary>
    public static string? IdOf(ClaimsPrincipal caller) =>
        caller.Identity?.IsAuthenticated is true ? caller.FindFirst("sub")?.Value ?? "" : null;
}
