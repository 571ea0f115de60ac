using System.Buffers.Text;
using System.Text.Json;
using Grpc.Core;

namespace Users.Client.Connection;

/// <summary>The token that each call sends for its user. No text that the client writes holds a token: not an answer, not an error.</summary>
internal static class BearerToken
{
    public const string Variable = "USERS_TOKEN";

    /// <summary>Call credentials that ask <paramref name="get"/> for the token of each call.</summary>
    public static CallCredentials Credentials(Func<CancellationToken, Task<string>> get) => CallCredentials.FromInterceptor(
        async (context, metadata) => metadata.Add("authorization", $"Bearer {await get(context.CancellationToken)}"));

    /// <summary>The token without the spaces around it.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="name">What gave it, for the sentence.</param>
    /// <exception cref="CommandException">It cannot be one: it could not be sent, and an exception about that might quote it.</exception>
    public static string Check(string? text, string name)
    {
        string token = text?.Trim() ?? "";
        return token.Length > 0 && token.All(character => char.IsAscii(character) && !char.IsControl(character) && character != ' ')
            ? token
            : throw new CommandException($"{name} holds no token: one line of visible ASCII characters without spaces.", ExitCodes.Failed);
    }

    /// <summary>Whether the token may go to this address: over TLS, or without leaving this host.</summary>
    public static bool IsSafeTo(ServerAddress address) => address.IsTls || address.IsLoopback;

    /// <summary>The user whose token it is: the claim <c>sub</c>. Whether that is true is for the server to judge.</summary>
    /// <exception cref="CommandException">It is not a JWT, or names nobody.</exception>
    public static string ReadSubject(string token)
    {
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.') is [_, string payload, _] ? payload : ""));
            if (claims.RootElement.GetProperty("sub").GetString() is { Length: > 0 } subject)
            {
                return subject;
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The sentence below goes without the exception, which may quote the token.
        }

        throw new CommandException(
            "The token does not say whose it is: its claim sub must be the id of a user, for the tour chats as that one.", ExitCodes.Failed);
    }
}
