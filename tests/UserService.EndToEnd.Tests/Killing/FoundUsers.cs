using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Killing;

/// <summary>The users that a server has after its restart; each client takes out its own, and then nobody is left.</summary>
internal sealed class FoundUsers
{
    private readonly Dictionary<string, User> _byId;
    private readonly Dictionary<string, User> _byEmail;

    private FoundUsers(IReadOnlyList<User> users)
    {
        _byId = users.ToDictionary(user => user.Id);
        _byEmail = users.ToDictionary(user => user.Email);
    }

    public IEnumerable<User> Left => _byId.Values;

    public static async Task<FoundUsers> ListAsync(UserService.UserServiceClient client) => new(await client.ListAsync());

    public User? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The user that this request made, if it is there.</summary>
    public User? Find(CreateUserRequest create)
    {
        User? user = _byEmail.GetValueOrDefault(create.Email);
        Assert.True(user is null || user.Name == create.Name, $"{user} is a mix: {create} was asked for.");
        return user;
    }

    /// <summary>Asserts that all of these are there exactly as they are here.</summary>
    public void Take(IEnumerable<User?> expected) =>
        Assert.DoesNotContain(expected, user => user is null || !_byId.Remove(user.Id, out User? found) || !found.Equals(user));
}
