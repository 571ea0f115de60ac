using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Users.Client.Connection;

namespace Users.Client.Tests;

public sealed class RpcFailureTests
{
    [Fact]
    public void Reason_domain_and_every_detail_are_read()
    {
        RpcFailure failure = RpcFailure.Read(Failed(
            new ErrorInfo { Domain = "users.v1", Reason = "EXAMPLE" },
            new BadRequest { FieldViolations = { Violation("name", "is empty"), Violation("email", "is no address") } },
            new ResourceInfo { ResourceType = "users.v1.User", ResourceName = "42" },
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1.5)) },
            new RequestInfo { RequestId = "trace-1" }));

        Assert.Equal((StatusCode.Aborted, "the text", "users.v1", "EXAMPLE"), (failure.Code, failure.Text, failure.Domain, failure.Reason));
        Assert.Equal(
            [
                "BadRequest: name: is empty",
                "BadRequest: email: is no address",
                "ResourceInfo: users.v1.User 42",
                "RetryInfo: again in \"1.500s\"",
                "RequestInfo: trace-1",
            ],
            failure.Details);
    }

    [Fact]
    public void A_failure_without_details_has_its_code_and_text()
    {
        RpcFailure failure = RpcFailure.Read(new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "no such method")));

        Assert.Equal((StatusCode.Unimplemented, "no such method", null, null), (failure.Code, failure.Text, failure.Domain, failure.Reason));
        Assert.Empty(failure.Details);
    }

    [Fact]
    public void A_trailer_that_is_no_status_is_ignored()
    {
        Metadata trailers = new() { { "grpc-status-details-bin", [0xFF, 0xFF, 0xFF] } };

        RpcFailure failure = RpcFailure.Read(new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "gone"), trailers));

        Assert.Equal((StatusCode.NotFound, "gone", null), (failure.Code, failure.Text, failure.Reason));
    }

    [Fact]
    public void A_detail_that_is_not_what_its_type_says_is_ignored()
    {
        Any broken = Any.Pack(new BadRequest());
        broken.Value = ByteString.CopyFrom(0xFF, 0xFF, 0xFF);

        RpcFailure failure = RpcFailure.Read(Failed([Any.Pack(new ErrorInfo { Reason = "EXAMPLE" }), broken]));

        Assert.Equal((StatusCode.Aborted, "the text", "EXAMPLE"), (failure.Code, failure.Text, failure.Reason));
        Assert.Empty(failure.Details);
    }

    [Theory]
    [InlineData(StatusCode.OK, "OK")]
    [InlineData(StatusCode.Cancelled, "CANCELLED")]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ARGUMENT")]
    [InlineData(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED")]
    [InlineData(StatusCode.NotFound, "NOT_FOUND")]
    [InlineData((StatusCode)99, "99")]
    public void Codes_are_written_as_the_protocol_writes_them(StatusCode code, string name) =>
        Assert.Equal(name, RpcFailure.NameOf(code));

    private static RpcException Failed(params IMessage[] details) => Failed([.. details.Select(Any.Pack)]);

    private static RpcException Failed(Any[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)StatusCode.Aborted, Message = "the text" };
        status.Details.Add(details);
        return status.ToRpcException();
    }

    private static BadRequest.Types.FieldViolation Violation(string field, string description) =>
        new() { Field = field, Description = description };
}
