using Google.Protobuf;
using Users.V1;

namespace Users.EndToEnd.Tests.Killing;

/// <summary>
/// A client that creates, updates and deletes users of its own, one call after another, and knows what each is since its last
/// answer. At most one call is unanswered when the server dies.
/// </summary>
internal sealed class UnaryLoad(Random random)
{
    private readonly Dictionary<string, User> _users = [];
    private IMessage? _unanswered;

    public async Task RunAsync(UserService.UserServiceClient client, Acknowledgements acknowledgements, CancellationToken cancellationToken)
    {
        while (true)
        {
            User? user = _users.Count == 0 ? null : _users.Values.ElementAt(random.Next(_users.Count));
            Task call = random.Next(10) switch
            {
                > 7 when user is not null => DeleteAsync(client, user, cancellationToken),
                > 4 when user is not null => UpdateAsync(client, user, cancellationToken),
                _ => CreateAsync(client, Requested.User(), cancellationToken),
            };
            await call;
            _unanswered = null;
            acknowledgements.Add();
        }
    }

    /// <summary>
    /// Checks that every user is as it was last answered, and that the unanswered call was done whole or not at all. A create is
    /// repeated, and makes one user in all.
    /// </summary>
    public async Task CheckAsync(UserService.UserServiceClient client, FoundUsers found, CancellationToken cancellationToken)
    {
        var lost = _unanswered as CreateUserRequest;
        User? landed = lost is null ? null : found.Find(lost);
        if (landed is not null)
        {
            _users.Add(landed.Id, landed);
        }
        else if (_unanswered is UpdateUserRequest update && found.Find(update.Id) is { } user && user.Etag != update.Etag)
        {
            Assert.True(user.UpdateTime >= _users[update.Id].UpdateTime, $"{user} was changed before {_users[update.Id]}.");
            _users[update.Id] = new User(_users[update.Id])
            {
                Name = update.Name,
                Email = update.Email,
                UpdateTime = user.UpdateTime,
                Etag = user.Etag,
            };
        }
        else if (_unanswered is DeleteUserRequest delete && found.Find(delete.Id) is null)
        {
            _users.Remove(delete.Id);
        }

        found.Take(_users.Values);
        if (lost is not null)
        {
            _users.Remove(landed?.Id ?? "");
            User repeated = await CreateAsync(client, lost, cancellationToken);
            Assert.Equal(landed ?? repeated, repeated);
        }

        _unanswered = null;
    }

    private async Task<User> CreateAsync(
        UserService.UserServiceClient client, CreateUserRequest create, CancellationToken cancellationToken)
    {
        _unanswered = create;
        User created = await client.CreateUserAsync(create, cancellationToken: cancellationToken);
        Assert.Equal((create.Name, create.Email), (created.Name, created.Email));
        _users.Add(created.Id, created);
        return created;
    }

    private async Task UpdateAsync(UserService.UserServiceClient client, User user, CancellationToken cancellationToken)
    {
        CreateUserRequest content = Requested.User();
        var update = new UpdateUserRequest { Id = user.Id, Name = content.Name, Email = content.Email, Etag = user.Etag };
        _unanswered = update;
        User updated = await client.UpdateUserAsync(update, cancellationToken: cancellationToken);
        Assert.Equal((update.Name, update.Email), (updated.Name, updated.Email));
        _users[user.Id] = updated;
    }

    private async Task DeleteAsync(UserService.UserServiceClient client, User user, CancellationToken cancellationToken)
    {
        var delete = new DeleteUserRequest { Id = user.Id, Etag = user.Etag };
        _unanswered = delete;
        await client.DeleteUserAsync(delete, cancellationToken: cancellationToken);
        _users.Remove(user.Id);
    }
}
