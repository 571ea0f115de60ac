using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using StandIns.Tests.Echo;
using RpcStatus = Google.Rpc.Status;

namespace StandIns.Tests;

public sealed class RichErrorTests
{
    [Fact]
    public async Task A_rich_error_crosses_a_real_call()
    {
        RpcStatus sent = new()
        {
            Code = (int)Code.NotFound,
            Message = "No such user.",
            Details = { Any.Pack(new ErrorInfo { Reason = "USER_NOT_FOUND", Domain = "users.v1" }), Any.Pack(new ResourceInfo { ResourceName = "x" }) },
        };
        await using EchoServer server = await EchoServer.StartAsync(new EchoHandlers { Unary = (_, _) => throw sent.ToRpcException() });
        using GrpcChannel channel = server.Connect();
        var call = new EchoService.EchoServiceClient(channel).UnaryAsync(new Note(), cancellationToken: TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal("No such user.", error.Status.Detail);
        Assert.Equal(sent, error.GetRpcStatus());
        Assert.Equal("USER_NOT_FOUND", error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
    }
}
