using Grpc.Core;
using Users.V1;

namespace Users.Cli.Chat;

/// <summary>The names of the speakers. Each is asked for once, so a name that changes meanwhile is shown as it was.</summary>
internal sealed class SpeakerNames(UserService.UserServiceClient client)
{
    /// <summary>How many names are kept; one more, and all are asked for anew.</summary>
    public const int MaxKept = 1000;

    private const int ShortIdLength = 8;

    private readonly Dictionary<string, string> _names = [];

    /// <returns>The speaker's own id as the service writes it, since own messages are known by it, and the name.</returns>
    public async Task<(string Id, string Name)> SelfAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            User self = await client.GetUserAsync(new GetUserRequest { Id = id }, cancellationToken: cancellationToken);
            return (self.Id, Keep(self.Id, self.Name));
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            // No user: where the speaker must be one, the chat itself refuses it.
            return (id, Keep(id, id));
        }
    }

    /// <returns>The user's name; a name that is no id, as it is; the end of the id when there is no such user any more, or the server does not answer.</returns>
    public async Task<string> FindAsync(string userId, CancellationToken cancellationToken)
    {
        if (_names.TryGetValue(userId, out string? known))
        {
            return known;
        }

        try
        {
            User user = await client.GetUserAsync(new GetUserRequest { Id = userId }, cancellationToken: cancellationToken);
            return Keep(userId, user.Name);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return Keep(userId, ShortForm(userId));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            // No id of a user, so it is a name.
            return Keep(userId, userId);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not worth the chat; the next message asks again.
            return ShortForm(userId);
        }
    }

    public string Keep(string userId, string name)
    {
        if (_names.Count == MaxKept)
        {
            _names.Clear();
        }

        return _names[userId] = name;
    }

    // The end of it: the beginning is a time, which users created together share.
    private static string ShortForm(string userId) => userId.Length <= ShortIdLength ? userId : $"...{userId[^ShortIdLength..]}";
}
