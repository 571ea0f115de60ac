using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

public sealed class CreateUsersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_stream_creates_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.Equal(new CreateUsersResponse(), await SendAsync(server, []));
    }

    [Fact]
    public async Task Bad_users_are_reported_by_position_and_good_ones_are_created()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string requestId = Guid.NewGuid().ToString();

        CreateUsersResponse response = await SendAsync(server,
        [
            new() { Name = "Ada", Email = "ada@example.com", RequestId = requestId },
            new() { Name = "", Email = "nobody" },
            new() { Name = "Eve", Email = "ADA@example.com" },
            new() { Name = "Ada", Email = "ada@example.com", RequestId = requestId },
            new() { Name = "Mallory", Email = "mallory@example.com", RequestId = requestId },
            new() { Name = "Grace", Email = "grace@example.com" },
        ]);

        Assert.Equal((2, 1, 3), (response.UserCount, response.ExistingCount, response.FailedCount));
        Assert.Equal(
            [(1, "INVALID_FIELDS"), (2, "EMAIL_TAKEN"), (4, "REQUEST_ID_REUSED")],
            response.Failures.OrderBy(failure => failure.Key).Select(failure => (failure.Key, ErrorReason.Of(failure.Value))));
    }

    [Fact]
    public async Task The_first_20_failures_are_listed_and_all_are_counted()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        // Good and bad in turn, over more than one batch; the bad ones alternate between two kinds of fault.
        CreateUsersResponse response = await SendAsync(server, Enumerable.Range(0, 3_000).Select(i => new CreateUserRequest
        {
            Name = "Ada",
            Email = (i % 4) switch { 0 or 2 => $"user{i}@example.com", 1 => "user0@example.com", _ => "" },
        }));

        Assert.Equal((1_500, 0, 1_500), (response.UserCount, response.ExistingCount, response.FailedCount));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (2 * i) + 1), response.Failures.Keys.Order());
        Assert.All(response.Failures.Values, status => Assert.True(status.CalculateSize() < 4096));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(2_000)]
    public async Task Every_user_is_counted_whatever_the_length_of_the_last_batch(int count)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        await ListUsersTests.ImportAsync(server, count);
    }

    [Fact]
    public async Task Sending_the_same_stream_again_creates_nobody_twice()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        List<CreateUserRequest> users = [.. Enumerable.Range(0, 1_500).Select(i =>
            new CreateUserRequest { Name = $"User {i}", Email = $"user{i}@example.com", RequestId = Guid.NewGuid().ToString() })];
        await SendAsync(server, users);

        CreateUsersResponse again = await SendAsync(server, users);

        Assert.Equal((0, 1_500, 0), (again.UserCount, again.ExistingCount, again.FailedCount));
    }

    [Fact]
    public async Task What_was_committed_before_a_break_stays_and_a_repeat_completes_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        List<CreateUserRequest> users = [.. Enumerable.Range(0, 2_500).Select(i =>
            new CreateUserRequest { Name = $"User {i}", Email = $"user{i}@example.com", RequestId = Guid.NewGuid().ToString() })];
        using (AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> broken = server.Client.CreateUsers(cancellationToken: Token))
        {
            foreach (CreateUserRequest user in users.Take(1_200))
            {
                await broken.RequestStream.WriteAsync(user, Token);
            }
        }

        await server.Log.WaitForCallAsync("CreateUsers", "Cancelled");
        CreateUsersResponse repeat = await SendAsync(server, users);

        Assert.Equal(0, repeat.FailedCount);
        Assert.Equal(2_500, repeat.UserCount + repeat.ExistingCount);
        Assert.Contains(repeat.ExistingCount, new[] { 0, 1_000 });
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token);
        Assert.Equal(2_500, await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token));
    }

    [Fact]
    public async Task A_stream_that_sends_nothing_past_its_limit_ends_STREAM_IDLE()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:StreamIdle=00:00:07");
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(cancellationToken: Token);
        await import.RequestStream.WriteAsync(new() { Name = "Ada", Email = "ada@example.com" }, Token);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(7));

        (await Failure.OfAsync(() => import.ResponseAsync)).AssertIs(StatusCode.DeadlineExceeded, "STREAM_IDLE");
    }

    private static async Task<CreateUsersResponse> SendAsync(RunningServer server, IEnumerable<CreateUserRequest> users)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(cancellationToken: Token);
        foreach (CreateUserRequest user in users)
        {
            await import.RequestStream.WriteAsync(user, Token);
        }

        await import.RequestStream.CompleteAsync();
        return await import;
    }
}
