using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Hosting;

public sealed class ConnectionAgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Without the GOAWAY it would go on for ever.
    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_is_old_is_asked_to_go_and_its_client_notices_nothing()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:MaxConnectionAge=00:30:00");
        User ada = await server.AddUserAsync();
        int connections = 0;
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (context, token) =>
                {
                    Interlocked.Increment(ref connections);
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(context.DnsEndPoint, token);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            },
        });
        var client = new UserService.UserServiceClient(channel);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = client.ChatUsers(cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new ChatMessage { UserId = ada.Id, Message = "before" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        time.Advance(TimeSpan.FromMinutes(26));
        await client.GetUserAsync(new GetUserRequest { Id = ada.Id }, cancellationToken: Token);
        Assert.Equal(1, connections);

        time.Advance(TimeSpan.FromMinutes(8));

        // The GOAWAY is on its way; until it is there a call goes by the old connection, and is answered.
        while (Volatile.Read(ref connections) == 1)
        {
            await client.GetUserAsync(new GetUserRequest { Id = ada.Id }, cancellationToken: Token);
        }

        await chat.RequestStream.WriteAsync(new ChatMessage { Message = "after" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal("after", chat.ResponseStream.Current.Message);
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.OK, chat.GetStatus().StatusCode);
        Assert.Equal(2, connections);
    }
}
