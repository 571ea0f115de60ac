using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

public sealed class UnaryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_user_is_read_back_as_it_was_answered()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        User created = await server.Client.CreateUserAsync(new() { Name = "  Ada Lovelace ", Email = "Ada@Example.com" }, cancellationToken: Token);
        User read = await server.Client.GetUserAsync(new() { Id = created.Id }, cancellationToken: Token);

        Assert.Equal(created, read);
        Assert.Equal(("Ada Lovelace", "Ada@Example.com"), (read.Name, read.Email));
        Assert.Equal('7', read.Id[14]);
        Assert.Equal(read.Id.ToLowerInvariant(), read.Id);
        Assert.Equal(read.CreateTime, read.UpdateTime);
        Assert.NotEmpty(read.Etag);
    }

    #region clock
    [Fact]
    public async Task Times_are_those_of_the_servers_clock()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time);
        User created = await server.AddUserAsync();
        time.Advance(TimeSpan.FromMinutes(1));

        User updated = await server.Client.UpdateUserAsync(new() { Id = created.Id, Name = "Countess" }, cancellationToken: Token);

        Assert.Equal(time.GetUtcNow().AddMinutes(-1), created.CreateTime.ToDateTimeOffset());
        Assert.Equal(created.CreateTime, updated.CreateTime);
        Assert.Equal(time.GetUtcNow(), updated.UpdateTime.ToDateTimeOffset());
    }
    #endregion

    [Fact]
    public async Task An_id_is_read_in_any_case()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();

        Assert.Equal(user, await server.Client.GetUserAsync(new() { Id = user.Id.ToUpperInvariant() }, cancellationToken: Token));
    }

    [Fact]
    public async Task Names_are_counted_in_code_points()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string name = string.Concat(Enumerable.Repeat("😀", 200));

        Assert.Equal(name, (await server.AddUserAsync(name)).Name);
    }

    [Fact]
    public async Task A_repeated_create_answers_the_user_as_it_is_now_and_writes_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var request = new CreateUserRequest { Name = "Ada", Email = "ada@example.com", RequestId = Guid.NewGuid().ToString() };
        User created = await server.Client.CreateUserAsync(request, cancellationToken: Token);
        User updated = await server.Client.UpdateUserAsync(new() { Id = created.Id, Name = "Countess" }, cancellationToken: Token);

        request.RequestId = request.RequestId.ToUpperInvariant();
        Assert.Equal(updated, await server.Client.CreateUserAsync(request, cancellationToken: Token));
    }

    [Fact]
    public async Task Deleting_a_user_forgets_its_request_id()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var request = new CreateUserRequest { Name = "Ada", Email = "ada@example.com", RequestId = Guid.NewGuid().ToString() };
        User first = await server.Client.CreateUserAsync(request, cancellationToken: Token);
        await server.Client.DeleteUserAsync(new() { Id = first.Id, Etag = first.Etag }, cancellationToken: Token);

        User second = await server.Client.CreateUserAsync(request, cancellationToken: Token);

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task Without_a_mask_the_populated_fields_change()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();

        User updated = await server.Client.UpdateUserAsync(new() { Id = user.Id, Name = "Countess" }, cancellationToken: Token);

        Assert.Equal(("Countess", user.Email), (updated.Name, updated.Email));
        Assert.NotEqual(user.Etag, updated.Etag);
    }

    [Fact]
    public async Task With_a_mask_only_the_named_fields_change()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();

        User updated = await server.Client.UpdateUserAsync(
            new() { Id = user.Id, Name = "Countess", Email = "not an address, and not named", UpdateMask = new() { Paths = { "name" } }, Etag = user.Etag },
            cancellationToken: Token);

        Assert.Equal(("Countess", user.Email), (updated.Name, updated.Email));
        Assert.Equal(updated, await server.Client.GetUserAsync(new() { Id = user.Id }, cancellationToken: Token));
    }

    [Fact]
    public async Task A_refused_update_changes_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();

        (await Failure.OfAsync(server.Client.UpdateUserAsync(new() { Id = user.Id, Name = "Countess", Etag = "stale" }, cancellationToken: Token)))
            .AssertIs(StatusCode.Aborted, "ETAG_MISMATCH");

        Assert.Equal(user, await server.Client.GetUserAsync(new() { Id = user.Id }, cancellationToken: Token));
    }

    [Fact]
    public async Task A_deleted_user_is_gone()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        User user = await server.AddUserAsync();

        await server.Client.DeleteUserAsync(new() { Id = user.Id, Etag = user.Etag }, cancellationToken: Token);

        (await Failure.OfAsync(server.Client.GetUserAsync(new() { Id = user.Id }, cancellationToken: Token))).AssertIs(StatusCode.NotFound, "USER_NOT_FOUND");
    }

    [Fact]
    public async Task Of_a_hundred_creates_with_one_email_one_succeeds()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Task<User>[] calls = [.. Enumerable.Range(0, 100).Select(_ =>
            server.Client.CreateUserAsync(new() { Name = "Ada", Email = "ada@example.com" }, cancellationToken: Token).ResponseAsync)];
        await Task.WhenAny(Task.WhenAll(calls), Task.Delay(Timeout.Infinite, Token));

        Assert.Equal(1, calls.Count(call => call.IsCompletedSuccessfully));
        Assert.Equal(99, calls.Count(call => call.Exception?.InnerException is RpcException { StatusCode: StatusCode.AlreadyExists }));
    }
}
