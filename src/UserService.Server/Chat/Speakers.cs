using Grpc.Core;
using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Calls;
using Users.Server.Errors;
using Users.Server.Fields;
using Users.Server.Settings;

namespace Users.Server.Chat;

/// <summary>Says who may speak. Where a token was asked for, that is its subject alone.</summary>
internal sealed class Speakers(UserRepository users, IOptions<ChatSettings> settings)
{
    private const int MaxLength = 200;

    /// <summary>How ids are compared: a UUID in any case, the subject of a token to the letter (RFC 7519, section 4.1.2).</summary>
    public StringComparison Comparison => settings.Value.SpeakersAreUsers ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <exception cref="RpcException">PERMISSION_DENIED: the token is that of another speaker.</exception>
    public void RequireCaller(string id, ServerCallContext context)
    {
        if (Caller.IdOf(context.GetHttpContext().User) is { } caller && !caller.Equals(id, Comparison))
        {
            throw Failures.SpeakerIsNotCaller(caller).ToException();
        }
    }

    /// <summary>The id as it is stored; what is wrong with it goes to the violations.</summary>
    public string Read(string id, Violations violations)
    {
        if (settings.Value.SpeakersAreUsers)
        {
            return violations.Id("user_id", id);
        }

        if (id.Length == 0 || FieldRules.IsLongerThan(id, MaxLength))
        {
            violations.Add("user_id", $"is required: give 1 to {MaxLength} characters.");
        }
        else
        {
            violations.Shown("user_id", id);
        }

        return id;
    }

    /// <summary>Lets a speaker in, until it is disposed.</summary>
    /// <exception cref="RpcException">NOT_FOUND: there is no such user.</exception>
    public async Task<Speaker> EnterAsync(string id, CancellationToken cancellationToken) =>
        !settings.Value.SpeakersAreUsers ? new Speaker(null)
        : await users.WatchAsync(id, cancellationToken) is { } user ? new Speaker(user)
        : throw Failures.UserNotFound(id).ToException();
}

/// <summary>A speaker that was let in.</summary>
/// <param name="user">The user that it is, if it has to be one.</param>
internal sealed class Speaker(UserWatch? user) : IDisposable
{
    /// <summary>Raised when the speaker is no user any more.</summary>
    public CancellationToken Gone => user?.Deleted ?? CancellationToken.None;

    public void Dispose() => user?.Dispose();
}
