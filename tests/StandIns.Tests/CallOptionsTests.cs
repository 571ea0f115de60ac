using Grpc.Core;

namespace StandIns.Tests;

public sealed class CallOptionsTests
{
    [Fact]
    public void What_is_not_given_is_not_set()
    {
        CallOptions options = new();

        Assert.Null(options.Headers);
        Assert.Null(options.Deadline);
        Assert.Null(options.WriteOptions);
        Assert.Null(options.PropagationToken);
        Assert.Null(options.Credentials);
        Assert.False(options.CancellationToken.CanBeCanceled);
        Assert.False(options.IsWaitForReady);
    }

    [Fact]
    public void Each_change_makes_a_copy_that_keeps_the_rest()
    {
        using CancellationTokenSource source = new();
        Metadata headers = [];
        DateTime deadline = DateTime.UnixEpoch;
        WriteOptions writeOptions = new(WriteFlags.BufferHint);
        CallCredentials credentials = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        CallOptions bare = new(cancellationToken: source.Token);

        CallOptions full = bare.WithHeaders(headers)
            .WithDeadline(deadline)
            .WithWriteOptions(writeOptions)
            .WithCredentials(credentials)
            .WithWaitForReady();

        Assert.Same(headers, full.Headers);
        Assert.Equal(deadline, full.Deadline);
        Assert.Same(writeOptions, full.WriteOptions);
        Assert.Same(credentials, full.Credentials);
        Assert.True(full.IsWaitForReady);
        Assert.Equal(source.Token, full.CancellationToken);
        Assert.False(full.WithWaitForReady(false).IsWaitForReady);
        Assert.Equal(CancellationToken.None, full.WithCancellationToken(CancellationToken.None).CancellationToken);
        Assert.Null(bare.Headers);
        Assert.False(bare.IsWaitForReady);
    }

    [Fact]
    public void Write_and_propagation_options_have_their_documented_defaults()
    {
        Assert.Equal(default, WriteOptions.Default.Flags);
        Assert.Equal(WriteFlags.NoCompress, new WriteOptions(WriteFlags.NoCompress).Flags);
        Assert.True(ContextPropagationOptions.Default.IsPropagateDeadline);
        Assert.True(ContextPropagationOptions.Default.IsPropagateCancellation);
        Assert.False(new ContextPropagationOptions(propagateDeadline: false).IsPropagateDeadline);
        Assert.False(new ContextPropagationOptions(propagateCancellation: false).IsPropagateCancellation);
    }
}
