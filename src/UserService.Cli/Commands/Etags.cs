using System.CommandLine;
using Grpc.Core;
using Users.V1;

namespace Users.Cli.Commands;

/// <summary>What update and delete share: they write only to the state of the user that was seen.</summary>
internal static class Etags
{
    public static Option<string?> Option() => new("--etag")
    {
        Description = "Write only while this is the user's etag; without it, the one that the user has now.",
        HelpName = "etag",
    };

    /// <summary>The etag given, or the one that the user has now.</summary>
    public static async Task<string> ReadAsync(
        this ServiceAction.Session session, string? given, string id, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(given))
        {
            return given;
        }

        User user = await session.Client.GetUserAsync(new GetUserRequest { Id = id }, cancellationToken: cancellationToken);
        return user.Etag;
    }

    /// <summary>What to do when a conditional write failed. Each of these may be the answer to a repeat whose first try, of
    /// which the answer was lost, had landed.</summary>
    public static string? Advise(StatusCode code, string id) => code switch
    {
        StatusCode.Aborted => $"The user has changed since its etag was read; 'get {id}' shows it as it is now, then try again.",
        StatusCode.NotFound or StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled =>
            $"Whether an earlier try had landed is not known; 'get {id}' shows the user as it is now.",
        _ => null,
    };
}
