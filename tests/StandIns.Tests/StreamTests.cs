using Grpc.Core;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class StreamTests
{
    private static CancellationToken Cancel => EchoTest.Cancel;

    [Fact]
    public async Task All_that_a_reader_holds_is_read_in_order()
    {
        List<int> read = [];
        await foreach (int item in new Numbers(3).ReadAllAsync(Cancel))
        {
            read.Add(item);
        }

        Assert.Equal([1, 2, 3], read);
    }

    [Fact]
    public async Task The_token_of_the_call_and_the_token_of_the_loop_both_reach_the_reader()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await new Numbers(3).ReadAllAsync(source.Token).GetAsyncEnumerator(Cancel).MoveNextAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await new Numbers(3).ReadAllAsync(Cancel).GetAsyncEnumerator(source.Token).MoveNextAsync());
    }

    [Fact]
    public void A_missing_reader_is_refused_at_once()
    {
        IAsyncStreamReader<Note> none = null!;
        Assert.Throws<ArgumentNullException>(() => none.ReadAllAsync(Cancel));
    }

    [Fact]
    public async Task A_cancelled_loop_ends_a_real_stream()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        using AsyncServerStreamingCall<Note> call = echo.Client.ServerStream(new Note { Count = int.MaxValue }, cancellationToken: Cancel);
        using CancellationTokenSource source = new();

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (Note note in call.ResponseStream.ReadAllAsync(source.Token))
            {
                await source.CancelAsync();
            }
        });

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task A_writer_that_cannot_cancel_refuses_a_token_that_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        PlainWriter writer = new();
        IAsyncStreamWriter<string> plain = writer;

        await plain.WriteAsync("a", CancellationToken.None);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await plain.WriteAsync("b", source.Token));

        Assert.Equal(["a"], writer.Written);
    }

    private sealed class Numbers(int last) : IAsyncStreamReader<int>
    {
        public int Current { get; private set; }

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(++Current <= last);
        }
    }

    private sealed class PlainWriter : IServerStreamWriter<string>
    {
        public List<string> Written { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message)
        {
            Written.Add(message);
            return Task.CompletedTask;
        }
    }
}
