using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>The users that a new database starts with, so that the first call that a reader copies answers something.</summary>
public sealed class DevelopmentUsersTests : IDisposable
{
    private const string Development = "ASPNETCORE_ENVIRONMENT=Development";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_database_has_users_in_Development_and_a_restart_does_not_add_again_what_was_deleted()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database, Development);

        IReadOnlyList<User> users = await server.Client.ListAsync();

        Assert.Equal(["Ada Lovelace", "Alan Turing", "Grace Hopper", "Edsger Dijkstra", "Barbara Liskov"], users.Select(user => user.Name));
        for (int number = 1; number <= users.Count; number++)
        {
            Assert.Equal(users[number - 1], await server.Client.GetAsync($"01900000-0000-7000-8000-{number:d12}"));
        }

        // Later users come after them in the list, which is in order of creation.
        User next = await server.Client.AddUserAsync("Margaret Hamilton");
        Assert.Equal(next, (await server.Client.ListAsync())[^1]);

        await server.Client.DeleteUserAsync(new() { Id = users[2].Id }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(0, await server.StopAsync());
        await using ServerProcess restarted = await ServerProcess.StartAsync(_folder.Database, Development);
        Assert.Equal([users[0], users[1], users[3], users[4], next], await restarted.Client.ListAsync());
    }

    [Theory]
    [LongFormData("ASPNETCORE_ENVIRONMENT=Production")]
    [InlineData("UNRELATED=1")]
    public async Task A_new_database_is_empty_anywhere_else_and_stays_so_in_Development(string environment)
    {
        await using (ServerProcess server = await ServerProcess.StartAsync(_folder.Database, environment))
        {
            Assert.Empty(await server.Client.ListAsync());
            Assert.Equal(0, await server.StopAsync());
        }

        await using ServerProcess next = await ServerProcess.StartAsync(_folder.Database, Development);
        Assert.Empty(await next.Client.ListAsync());
    }
}
