using Grpc.Core;

namespace StandIns.Tests;

public sealed class StatusTests
{
    [Fact]
    public void A_status_holds_its_code_detail_and_the_exception_behind_it()
    {
        InvalidOperationException cause = new("boom");
        Status status = new(StatusCode.Internal, "detail", cause);

        Assert.Equal(StatusCode.Internal, status.StatusCode);
        Assert.Equal("detail", status.Detail);
        Assert.Same(cause, status.DebugException);
        Assert.Null(new Status(StatusCode.Internal, "detail").DebugException);
    }

    [Fact]
    public void The_defaults_have_no_detail()
    {
        Assert.Equal(new Status(StatusCode.OK, ""), Status.DefaultSuccess);
        Assert.Equal(new Status(StatusCode.Cancelled, ""), Status.DefaultCancelled);
    }

    [Fact]
    public void A_status_reads_as_its_parts()
    {
        Assert.Equal("Status(StatusCode=\"NotFound\", Detail=\"gone\")", new Status(StatusCode.NotFound, "gone").ToString());
        Assert.Contains("boom", new Status(StatusCode.Internal, "", new InvalidOperationException("boom")).ToString());
    }

    [Fact]
    public void An_exception_speaks_for_its_status()
    {
        InvalidOperationException cause = new("boom");
        Status status = new(StatusCode.Internal, "detail", cause);
        RpcException error = new(status);

        Assert.Equal(status, error.Status);
        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Equal(status.ToString(), error.Message);
        Assert.Same(cause, error.InnerException);
        Assert.Empty(error.Trailers);
    }

    [Fact]
    public void An_exception_takes_a_message_and_trailers_of_its_own()
    {
        Status status = new(StatusCode.Aborted, "detail");
        Metadata trailers = new() { { "a", "1" } };

        Assert.Equal("text", new RpcException(status, "text").Message);
        Assert.Same(trailers, new RpcException(status, trailers).Trailers);
        RpcException both = new(status, trailers, "text");
        Assert.Equal((status, trailers, "text"), (both.Status, both.Trailers, both.Message));
        Assert.Throws<ArgumentNullException>(() => new RpcException(status, (Metadata)null!));
    }

    // The engines have these numbers compiled in; those of StatusCode are on the wire as well.
    [Theory]
    [InlineData(0, StatusCode.OK)]
    [InlineData(1, StatusCode.Cancelled)]
    [InlineData(2, StatusCode.Unknown)]
    [InlineData(3, StatusCode.InvalidArgument)]
    [InlineData(4, StatusCode.DeadlineExceeded)]
    [InlineData(5, StatusCode.NotFound)]
    [InlineData(6, StatusCode.AlreadyExists)]
    [InlineData(7, StatusCode.PermissionDenied)]
    [InlineData(8, StatusCode.ResourceExhausted)]
    [InlineData(9, StatusCode.FailedPrecondition)]
    [InlineData(10, StatusCode.Aborted)]
    [InlineData(11, StatusCode.OutOfRange)]
    [InlineData(12, StatusCode.Unimplemented)]
    [InlineData(13, StatusCode.Internal)]
    [InlineData(14, StatusCode.Unavailable)]
    [InlineData(15, StatusCode.DataLoss)]
    [InlineData(16, StatusCode.Unauthenticated)]
    [InlineData(0, MethodType.Unary)]
    [InlineData(1, MethodType.ClientStreaming)]
    [InlineData(2, MethodType.ServerStreaming)]
    [InlineData(3, MethodType.DuplexStreaming)]
    [InlineData(1, WriteFlags.BufferHint)]
    [InlineData(2, WriteFlags.NoCompress)]
    [InlineData(0, ConnectivityState.Idle)]
    [InlineData(1, ConnectivityState.Connecting)]
    [InlineData(2, ConnectivityState.Ready)]
    [InlineData(3, ConnectivityState.TransientFailure)]
    [InlineData(4, ConnectivityState.Shutdown)]
    public void Numbers_are_those_of_the_contract(int number, Enum value) =>
        Assert.Equal(number, Convert.ToInt32(value, null));
}
