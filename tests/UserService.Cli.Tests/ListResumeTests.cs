using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>What list and export share, when the stream breaks.</summary>
public sealed class ListResumeTests
{
    private readonly List<string> _taken = [];

    [Fact]
    public async Task It_goes_on_after_the_last_user_and_says_so()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.Number switch
        {
            1 => Users(StatusCode.Unavailable, "a", "b"),
            // Not tried again by the channel, as UNAVAILABLE would be.
            2 => Answer.Reset(),
            3 => Users(StatusCode.Unavailable, "c"),
            _ => Users(StatusCode.OK, "d"),
        });
        using var session = new TestSession(server.Address);

        Assert.Equal(4, await ReadAsync(session, new()));

        Assert.Equal(["a", "b", "c", "d"], _taken);
        Assert.Equal(["", "b", "b", "c"], Requests(server).Select(request => request.AfterId));
        Assert.Equal(
            """
            The server is not available; going on after 2 users in 1.0 s...
            The connection broke; going on after 2 users in 2.0 s...
            The server is not available; going on after 3 users in 1.0 s...

            """, session.Recording.Error);
        Assert.Equal([1, 2, 1], session.Time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task What_was_shown_counts_for_the_limit()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Number == 1 ? Users(StatusCode.Unavailable, "b", "c") : Users(StatusCode.OK, "d"));
        using var session = new TestSession(server.Address);

        Assert.Equal(3, await ReadAsync(session, new() { AfterId = "a", PageSize = 3 }));

        Assert.Equal(
            [new ListUsersRequest { AfterId = "a", PageSize = 3 }, new ListUsersRequest { AfterId = "c", PageSize = 1 }], Requests(server));
    }

    [Fact]
    public async Task A_break_behind_the_last_user_wanted_is_none()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Users(StatusCode.Unavailable, "a", "b"));
        using var session = new TestSession(server.Address);

        Assert.Equal(2, await ReadAsync(session, new() { PageSize = 2 }));

        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task It_gives_up_with_the_id_to_go_on_after()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Number == 1 ? Users(StatusCode.Unavailable, "a") : Answer.Reset());
        using var session = new TestSession(server.Address);

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(session, new()));

        Assert.Equal(
            (ExitCodes.NoServer, $"The server at {server.Address.OriginalString} is not available: the connection broke."),
            (failure.ExitCode, failure.Message));
        Assert.Equal("The list broke off after 1 users; --after a goes on from there.", failure.Advice);
        Assert.Equal(1 + Resumption.MaxTries, server.Calls.Count);
    }

    [Fact]
    public async Task An_answer_of_the_service_ends_it()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Number == 1 ? Users(StatusCode.Unavailable, "a") : Answer.Failure(StatusCode.PermissionDenied));
        using var session = new TestSession(server.Address);

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(session, new()));

        Assert.Equal((ExitCodes.Failed, 2), (failure.ExitCode, server.Calls.Count));
    }

    [Fact]
    public async Task An_expired_token_is_a_break_that_a_fresh_one_mends()
    {
        using var file = new TestFile("token", "old");
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Number == 1 ? Expired(new User { Id = "a" }) : Users(StatusCode.OK, "b"));
        using var session = new TestSession(server.Address, TokenSource.OfCommand($"cat '{file.Path}'; echo new > '{file.Path}'", TestContext.Current.CancellationToken));

        Assert.Equal(2, await ReadAsync(session, new()));

        Assert.Equal(["Bearer old", "Bearer new"], server.Calls.Select(call => call.Headers["authorization"]));
        Assert.Equal("The token expired; going on after 1 users in 1.0 s...\n", session.Recording.Error);
    }

    [Fact]
    public async Task An_expired_token_that_is_all_there_is_ends_it_with_a_way_to_another()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Expired(new User { Id = "a" }));
        using var session = new TestSession(server.Address, TokenSource.Of("secret", "--token"));

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(session, new()));

        Assert.Equal(
            (ExitCodes.Failed, "UNAUTHENTICATED: The token has expired: give a fresh one, or --token-file or --token-command to get it from."),
            (failure.ExitCode, failure.Message));
        Assert.Equal("The list broke off after 1 users; --after a goes on from there.", failure.Advice);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_server_that_limits_its_callers_is_waited_for_from_the_first_call_on()
    {
        var delay = new RetryInfo { RetryDelay = new Duration { Seconds = 7 } };
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Number == 1 ? Answer.Failure(StatusCode.ResourceExhausted, "", "TOO_MANY_STREAMS", delay) : Users(StatusCode.OK, "a"));
        using var session = new TestSession(server.Address);

        Assert.Equal(1, await ReadAsync(session, new()));

        Assert.Equal([7], session.Time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_server_that_never_was_there_is_not_waited_for()
    {
        using var nobody = new FreePort();
        using var session = new TestSession(nobody.Address);

        await Assert.ThrowsAsync<RpcException>(() => ReadAsync(session, new()));

        Assert.Empty(session.Time.Waits);
    }

    private static Answer Users(StatusCode code, params string[] ids) => Answer.Messages(ids.Select(id => new User { Id = id }), code);

    private static Answer Expired(params User[] users) => Answer.Messages(users, StatusCode.Unauthenticated, "", "TOKEN_EXPIRED");

    private static IEnumerable<ListUsersRequest> Requests(ScriptedServer server) =>
        server.Calls.Select(call => ListUsersRequest.Parser.ParseFrom(call.Message));

    private Task<long> ReadAsync(TestSession session, ListUsersRequest request) => UserList.ReadAsync(
        session.Session,
        request,
        user =>
        {
            _taken.Add(user.Id);
            return ValueTask.CompletedTask;
        },
        TestContext.Current.CancellationToken);
}
