using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

public sealed class ListUsersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(1_000)]
    [InlineData(1_201)]
    public async Task Every_user_comes_once_in_the_order_of_creation(int count)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await ImportAsync(server, count);

        List<User> users = await ListAsync(server, new());

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"User {i}"), users.Select(user => user.Name));
        Assert.Equal(users.Select(user => user.Id).Order(StringComparer.Ordinal), users.Select(user => user.Id));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(500, 500)]
    [InlineData(501, 501)]
    [InlineData(600, 600)]
    [InlineData(601, 600)]
    public async Task Page_size_is_how_many_come_at_most(int pageSize, int expected)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await ImportAsync(server, 600);

        Assert.Equal(expected, (await ListAsync(server, new() { PageSize = pageSize })).Count);
    }

    [Fact]
    public async Task A_list_resumes_after_an_id_even_when_that_user_is_gone()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await ImportAsync(server, 10);
        List<User> all = await ListAsync(server, new());
        await server.Client.DeleteUserAsync(new() { Id = all[3].Id }, cancellationToken: Token);

        List<User> rest = await ListAsync(server, new() { AfterId = all[3].Id.ToUpperInvariant() });

        Assert.Equal(all.Skip(4), rest);
    }

    [Fact]
    public async Task Writes_go_on_while_a_client_does_not_read_its_list()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.FillAsync(2_000);
        using AsyncServerStreamingCall<User> stalled = server.Client.ListUsers(new(), cancellationToken: Token);
        Assert.True(await stalled.ResponseStream.MoveNext(Token));

        User added = await server.AddUserAsync();

        List<User> seen = await stalled.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        Assert.Equal(added.Id, seen[^1].Id);
        Assert.Equal(2_000, seen.Count);
    }

    internal static async Task ImportAsync(RunningServer server, int count, Metadata? token = null)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(token, cancellationToken: Token);
        for (int i = 0; i < count; i++)
        {
            await import.RequestStream.WriteAsync(new() { Name = $"User {i}", Email = $"user{i}@example.com" }, Token);
        }

        await import.RequestStream.CompleteAsync();
        Assert.Equal(count, (await import).UserCount);
    }

    private static async Task<List<User>> ListAsync(RunningServer server, ListUsersRequest request)
    {
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(request, cancellationToken: Token);
        return await list.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
    }
}
