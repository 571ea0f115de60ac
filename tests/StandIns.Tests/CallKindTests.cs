using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

/// <summary>Generated client and server code, the two engines and the stand-ins, over a real socket.</summary>
public sealed class CallKindTests
{
    private static CancellationToken Cancel => EchoTest.Cancel;

    [Fact]
    public async Task A_unary_call_answers()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        Note answer = await echo.Client.UnaryAsync(new Note { Text = "a" }, cancellationToken: Cancel);
        Assert.Equal("a", answer.Text);
    }

    [Fact]
    public async Task A_blocking_unary_call_answers()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        Assert.Equal("a", echo.Client.Unary(new Note { Text = "a" }, cancellationToken: Cancel).Text);
    }

    [Fact]
    public async Task A_server_stream_is_read_to_its_end()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        using AsyncServerStreamingCall<Note> call = echo.Client.ServerStream(new Note { Count = 3 }, cancellationToken: Cancel);

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
        await using EchoTest echo = await EchoTest.StartAsync();
        using AsyncClientStreamingCall<Note, Note> call = echo.Client.ClientStream(cancellationToken: Cancel);

        await call.RequestStream.WriteAsync(new Note { Text = "a", Count = 1 }, Cancel);
        await call.RequestStream.WriteAsync(new Note { Text = "b", Count = 2 }, Cancel);
        await call.RequestStream.CompleteAsync();

        Note answer = await call;
        Assert.Equal(("ab", 3), (answer.Text, answer.Count));
    }

    [Fact]
    public async Task A_duplex_stream_talks_both_ways()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        using AsyncDuplexStreamingCall<Note, Note> call = echo.Client.Duplex(cancellationToken: Cancel);

        for (int i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new Note { Count = i }, Cancel);
            Assert.True(await call.ResponseStream.MoveNext(Cancel));
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
    }

    [Fact]
    public async Task A_service_that_is_defined_by_hand_is_served_beside_a_generated_one()
    {
        Method<string, string> method = new(
            MethodType.Unary, "hand.v1.Made", "Shout", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        ServerServiceDefinition definition = ServerServiceDefinition.CreateBuilder()
            .AddMethod(method, (request, _) => Task.FromResult(request.ToUpperInvariant()))
            .Build();
        await using EchoTest echo = await EchoTest.StartAsync(new EchoServer { Map = app => app.MapGrpcService(definition) });

        string answer = await echo.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancel), "héy");

        Assert.Equal("HÉY", answer);
        Assert.Equal("/hand.v1.Made/Shout", method.FullName);
    }
}
