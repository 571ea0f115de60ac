using System.Security.Claims;

namespace Users.Server.Calls;

/// <summary>Who calls, where a part of the server has asked.</summary>
internal static class Caller
{
    /// <summary>The id of the user that calls, empty where the caller has proved to be none; null where nothing has asked who calls.</summary>
    public static string? IdOf(ClaimsPrincipal caller) =>
        caller.Identity?.IsAuthenticated is true ? caller.FindFirst("sub")?.Value ?? "" : null;
}
