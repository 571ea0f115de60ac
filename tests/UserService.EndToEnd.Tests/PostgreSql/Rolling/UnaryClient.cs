using Grpc.Core;
using Users.EndToEnd.Tests.Killing;
using Users.V1;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>
/// A client that creates, reads, updates, lists and deletes users of its own, one call after another. A call that fails, after the
/// channel's retries, is a failure of the test; what the channel cannot know after a kill, the client finds out by reading.
/// </summary>
internal sealed class UnaryClient(UserService.UserServiceClient client, Random random, Progress progress)
{
    private const int PageSize = 50;

    private readonly Dictionary<string, User> _users = [];

    public int Calls { get; private set; }

    public int Lists { get; private set; }

    /// <summary>Updates and deletes that had landed although their answer was lost, and lists that were cut in their middle.</summary>
    public int Resolved { get; private set; }

    public IReadOnlyCollection<User> Users => _users.Values;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            User? user = _users.Count == 0 ? null : _users.Values.ElementAt(random.Next(_users.Count));
            await (random.Next(10) switch
            {
                9 when user is not null => DeleteAsync(user),
                >= 6 when user is not null => UpdateAsync(user),
                >= 4 when user is not null => GetAsync(user),
                3 => ListAsync(),
                _ => CreateAsync(),
            });
            Calls++;
            progress.Add();
        }
    }

    private async Task CreateAsync()
    {
        CreateUserRequest create = Requested.User();
        User created = await client.CreateUserAsync(create, cancellationToken: Token);
        Assert.Equal((create.Name, create.Email), (created.Name, created.Email));
        _users.Add(created.Id, created);
    }

    private async Task GetAsync(User user) =>
        Assert.Equal(user, await client.GetUserAsync(new() { Id = user.Id }, cancellationToken: Token));

    private async Task UpdateAsync(User user)
    {
        CreateUserRequest content = Requested.User();
        var update = new UpdateUserRequest { Id = user.Id, Name = content.Name, Email = content.Email, Etag = user.Etag };
        try
        {
            _users[user.Id] = await client.UpdateUserAsync(update, cancellationToken: Token);
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.Aborted)
        {
            _users[user.Id] = await client.GetUserAsync(new() { Id = user.Id }, cancellationToken: Token);
            Resolved++;
        }

        Assert.Equal((update.Name, update.Email), (_users[user.Id].Name, _users[user.Id].Email));
    }

    private async Task DeleteAsync(User user)
    {
        try
        {
            await client.DeleteUserAsync(new() { Id = user.Id, Etag = user.Etag }, cancellationToken: Token);
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.NotFound)
        {
            // Nobody else deletes this client's users.
            Resolved++;
        }

        _users.Remove(user.Id);
    }

    private async Task ListAsync()
    {
        int left = PageSize;
        string last = "";
        while (left > 0)
        {
            try
            {
                using AsyncServerStreamingCall<User> call = client.ListUsers(new() { AfterId = last, PageSize = left }, cancellationToken: Token);
                while (await call.ResponseStream.MoveNext(Token))
                {
                    Assert.True(string.CompareOrdinal(last, call.ResponseStream.Current.Id) < 0);
                    last = call.ResponseStream.Current.Id;
                    left--;
                }

                break;
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable && failure.Status.DebugException is IOException)
            {
                // Cut in its middle, where the channel cannot repeat it: the rest.
                Resolved++;
            }
        }

        Lists++;
    }
}
