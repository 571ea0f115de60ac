using Grpc.Core;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class MetadataOnTheWireTests
{
    private static CancellationToken Cancel => EchoTest.Cancel;

    [Fact]
    public async Task Headers_go_out_and_headers_and_trailers_come_back()
    {
        Metadata? received = null;
        await using EchoTest echo = await EchoTest.StartAsync(async (note, context) =>
        {
            received = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(new Metadata { { "early", "1" }, { "early-bin", [1, 0, 255] } });
            context.ResponseTrailers.Add("late", "2");
            context.ResponseTrailers.Add("late-bin", [2, 0, 255]);
            return note;
        });

        Metadata headers = new() { { "Text", "t" }, { "bytes-bin", [0, 1, 255] } };
        using AsyncUnaryCall<Note> call = echo.Client.UnaryAsync(new Note(), headers, cancellationToken: Cancel);

        Metadata early = await call.ResponseHeadersAsync;
        await call;
        Assert.Equal("1", early.GetValue("early"));
        Assert.Equal([1, 0, 255], early.GetValueBytes("early-bin"));
        Assert.Equal("2", call.GetTrailers().GetValue("late"));
        Assert.Equal([2, 0, 255], call.GetTrailers().GetValueBytes("late-bin"));
        Assert.NotNull(received);
        Assert.Equal("t", received.GetValue("text"));
        Assert.Equal([0, 1, 255], received.GetValueBytes("bytes-bin"));
    }

    [Fact]
    public async Task The_trailers_of_an_error_reach_the_caller()
    {
        Metadata trailers = new() { { "why", "because" }, { "why-bin", [7] } };
        await using EchoTest echo = await EchoTest.StartAsync((_, _) => throw new RpcException(new Status(StatusCode.Aborted, "no"), trailers));
        using AsyncUnaryCall<Note> call = echo.Client.UnaryAsync(new Note(), cancellationToken: Cancel);

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal("because", error.Trailers.GetValue("why"));
        Assert.Equal([7], error.Trailers.GetValueBytes("why-bin"));
        Assert.Equal(new Status(StatusCode.Aborted, "no"), call.GetStatus());
    }
}
