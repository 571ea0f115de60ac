using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Users.Client.Server;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Client.Tests;

public sealed class ServerProbeTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nobody_listens()
    {
        using var port = new FreePort();

        Assert.Equal(ServerProbe.Finding.Nobody, await AskAsync(port.Address, Deadline));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_nobody_too() =>
        Assert.Equal(ServerProbe.Finding.Nobody, await AskAsync(new Uri("http://no-such-host.invalid:50051"), Deadline));

    [Theory]
    [InlineData(StatusCode.NotFound, "USER_NOT_FOUND")]
    [InlineData(StatusCode.Unauthenticated, "TOKEN_MISSING")]
    [InlineData(StatusCode.ResourceExhausted, "RATE_LIMITED")]
    [InlineData(StatusCode.Unavailable, "SHUTTING_DOWN")]
    public async Task A_server_that_gives_a_reason_of_ours_is_the_service(StatusCode code, string reason)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(code, "text", reason));

        Assert.Equal(ServerProbe.Finding.UserService, await AskAsync(server.Address, Deadline));
    }

    [Fact]
    public async Task A_server_that_answers_a_user_is_the_service()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));

        Assert.Equal(ServerProbe.Finding.UserService, await AskAsync(server.Address, Deadline));
    }

    [Fact]
    public async Task A_server_of_other_gRPC_services_is_something_else()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.Unimplemented, "unknown service"));

        Assert.Equal(ServerProbe.Finding.SomethingElse, await AskAsync(server.Address, Deadline));
    }

    [Fact]
    public async Task A_web_server_is_something_else()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()), HttpProtocols.Http1);

        Assert.Equal(ServerProbe.Finding.SomethingElse, await AskAsync(server.Address, Deadline));
    }

    [Fact]
    public async Task A_server_that_says_nothing_until_the_deadline_is_something_else()
    {
        using var port = new FreePort();
        port.ListenSilently();

        Assert.Equal(ServerProbe.Finding.SomethingElse, await AskAsync(port.Address, TimeSpan.FromSeconds(0.3)));
    }

    [Fact]
    public async Task Asking_can_be_cancelled()
    {
        using var port = new FreePort();
        port.ListenSilently();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ServerProbe.AskAsync(port.Address, Deadline, cancelled.Token));
    }

    private static Task<ServerProbe.Finding> AskAsync(Uri address, TimeSpan deadline) =>
        ServerProbe.AskAsync(address, deadline, TestContext.Current.CancellationToken);
}
