using Grpc.Core;
using Users.Data;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>The setting Database:FastPath. What the two paths do is compared in the tests of the data project.</summary>
public sealed class FastPathTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("false")]
    [InlineData("True")]
    public async Task Either_path_serves(string setting)
    {
        await using RunningServer server = await RunningServer.StartAsync($"--Database:FastPath={setting}");
        V1.User ada = await server.AddUserAsync();

        Assert.Equal(ada, await server.Client.GetUserAsync(new GetUserRequest { Id = ada.Id }, cancellationToken: Token));
        using AsyncServerStreamingCall<V1.User> list = server.Client.ListUsers(new ListUsersRequest(), cancellationToken: Token);
        Assert.Equal([ada], await list.ResponseStream.ReadAllAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Anything_else_ends_the_start()
    {
        var error = await Assert.ThrowsAsync<UserStoreException>(() => RunningServer.StartAsync("--Database:FastPath=1"));

        Assert.Equal("Database:FastPath is '1': write true or false.", error.Message);
    }
}
