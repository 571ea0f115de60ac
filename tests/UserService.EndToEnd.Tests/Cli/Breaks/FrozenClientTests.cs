using Grpc.Core;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Cli.Breaks;

/// <summary>A client process that freezes: unlike a slow reader it is dropped, and when it thaws it goes on by itself.</summary>
public sealed class FrozenClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_frozen_client_is_dropped_while_the_others_go_on_and_ends_with_every_message_once()
    {
        await using var server = new RestartableServer("Limits__KeepAliveDelay=00:00:01", "Limits__KeepAliveTimeout=00:00:03");
        await server.InitializeAsync();
        User ada = await server.Client.AddUserAsync("Ada");
        User alan = await server.Client.AddUserAsync("Alan");
        await using var proxy = new TcpProxy(server);
        await using ChildProcess frozen = UserctlProcess.Start(proxy.Address, "chat", "--as", ada.Id, "--after", "0");
        frozen.Input.AutoFlush = true;
        await frozen.Input.WriteLineAsync("before");
        await frozen.Output.FirstAsync("#1 Ada: before");

        // Heard once, so that the client knows the name: to ask for it is a call that would have to outlive the frost.
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> other = server.Client.ChatUsers(cancellationToken: Token);
        await other.RequestStream.WriteAsync(new() { UserId = alan.Id, Message = "1" }, Token);
        await frozen.Output.FirstAsync("#2 Alan: 1");

        frozen.Signal(ChildProcess.SigStop);
        for (int number = 2; number <= 50; number++)
        {
            Assert.True(await other.ResponseStream.MoveNext(Token));
            await other.RequestStream.WriteAsync(new() { Message = $"{number}" }, Token);
        }

        // The server itself ends the connection: nobody else does.
        await proxy.FirstEnded.WaitAsync(ChildProcess.Patience, Token);
        frozen.Signal(ChildProcess.SigCont);

        await frozen.Error.FirstAsync("Back in the room.");
        await frozen.Input.WriteLineAsync("after");
        frozen.Input.Close();
        Assert.Equal(0, await frozen.EndAsync());
        Assert.Equal(
            ["#1 Ada: before", .. Enumerable.Range(1, 50).Select(number => $"#{number + 1} Alan: {number}"), "#52 Ada: after"], frozen.Output.All);
    }
}
