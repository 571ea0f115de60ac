using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using StandIns.Tests.Echo;
using RpcStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace StandIns.Tests;

public sealed class RichErrorTests
{
    private const string Trailer = "grpc-status-details-bin";

    private static readonly RpcStatus NotFound = new()
    {
        Code = (int)StatusCode.NotFound,
        Message = "No such user.",
        Details =
        {
            Any.Pack(new ErrorInfo { Reason = "USER_NOT_FOUND", Domain = "users.v1", Metadata = { ["id"] = "x" } }),
            Any.Pack(new ResourceInfo { ResourceName = "first" }),
            Any.Pack(new ResourceInfo { ResourceName = "second" }),
        },
    };

    [Fact]
    public async Task A_rich_error_crosses_a_real_call()
    {
        RpcException error = await FailAsync(NotFound.ToRpcException());

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("No such user.", error.Status.Detail);
        Assert.Equal(NotFound, error.GetRpcStatus());
    }

    [Fact]
    public async Task The_code_and_message_of_the_call_may_differ_from_those_of_the_details()
    {
        RpcException error = await FailAsync(NotFound.ToRpcException(StatusCode.Aborted, "Try again."));

        Assert.Equal((StatusCode.Aborted, "Try again."), (error.StatusCode, error.Status.Detail));
        Assert.Equal(NotFound, error.GetRpcStatus());
    }

    [Fact]
    public async Task A_plain_error_carries_no_rich_one()
    {
        RpcException error = await FailAsync(new RpcException(new Status(StatusCode.NotFound, "plain")));

        Assert.Null(error.GetRpcStatus());
        Assert.Null(error.Trailers.GetRpcStatus());
    }

    [Fact]
    public void Bytes_that_are_no_status_are_an_error_only_to_those_who_ask()
    {
        Metadata trailers = new() { { Trailer, [0xFF, 0xFF] } };

        Assert.Null(new RpcException(new Status(StatusCode.Internal, ""), trailers).GetRpcStatus());
        Assert.Null(trailers.GetRpcStatus(ignoreParseError: true));
        Assert.Throws<InvalidProtocolBufferException>(() => trailers.GetRpcStatus());
    }

    [Fact]
    public void A_status_that_is_set_on_metadata_is_read_back()
    {
        Metadata metadata = [];
        metadata.SetRpcStatus(NotFound);

        Assert.Equal(NotFound.ToByteArray(), metadata.GetValueBytes(Trailer));
        Assert.Equal(NotFound, metadata.GetRpcStatus());
    }

    [Fact]
    public void A_detail_is_found_by_its_type_the_first_of_several_wins()
    {
        Assert.Equal("USER_NOT_FOUND", NotFound.GetDetail<ErrorInfo>()?.Reason);
        Assert.Equal("first", NotFound.GetDetail<ResourceInfo>()?.ResourceName);
        Assert.Null(NotFound.GetDetail<BadRequest>());
    }

    [Fact]
    public void The_reason_is_field_1_on_the_wire() =>
        Assert.Equal([0x0A, 0x01, (byte)'R'], new ErrorInfo { Reason = "R" }.ToByteArray());

    private static async Task<RpcException> FailAsync(RpcException error)
    {
        await using EchoTest echo = await EchoTest.StartAsync((_, _) => throw error);
        return await Assert.ThrowsAsync<RpcException>(() =>
            echo.Client.UnaryAsync(new Note(), cancellationToken: EchoTest.Cancel).ResponseAsync);
    }
}
