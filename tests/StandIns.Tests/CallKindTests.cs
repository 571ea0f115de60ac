using Grpc.Core;
using Grpc.Net.Client;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

/// <summary>Generated client and server code, the two engines and the stand-ins, over a real socket.</summary>
public sealed class CallKindTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unary_call_answers()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        Note answer = await new EchoService.EchoServiceClient(channel).UnaryAsync(new Note { Text = "a" }, cancellationToken: Cancel);
        Assert.Equal("a", answer.Text);
    }

    [Fact]
    public async Task A_blocking_unary_call_answers()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        Assert.Equal("a", new EchoService.EchoServiceClient(channel).Unary(new Note { Text = "a" }, cancellationToken: Cancel).Text);
    }

    [Fact]
    public async Task A_server_stream_is_read_to_its_end()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using var call = new EchoService.EchoServiceClient(channel).ServerStream(new Note { Count = 3 }, cancellationToken: Cancel);
        List<int> counts = [];
        await foreach (Note note in call.ResponseStream.ReadAllAsync(Cancel))
        {
            counts.Add(note.Count);
        }

        Assert.Equal([0, 1, 2], counts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_client_stream_is_answered_once_it_is_complete()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using var call = new EchoService.EchoServiceClient(channel).ClientStream(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new Note { Text = "a", Count = 1 }, Cancel);
        await call.RequestStream.WriteAsync(new Note { Text = "b", Count = 2 }, Cancel);
        await call.RequestStream.CompleteAsync();
        Note answer = await call;
        Assert.Equal(("ab", 3), (answer.Text, answer.Count));
    }

    [Fact]
    public async Task A_duplex_stream_talks_both_ways()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using GrpcChannel channel = server.Connect();
        using var call = new EchoService.EchoServiceClient(channel).Duplex(cancellationToken: Cancel);
        for (int i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new Note { Count = i }, Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
    }
}
