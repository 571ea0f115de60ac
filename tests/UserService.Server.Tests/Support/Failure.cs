using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Users.Server.Tests.Support;

/// <summary>A failed call as its client reads it.</summary>
internal sealed record Failure(StatusCode Code, string Text, Metadata Trailers, Status? Details)
{
    public ErrorInfo? Info => Details?.GetDetail<ErrorInfo>();

    public string? Reason => Info?.Reason;

    /// <summary>Field and description of each violation.</summary>
    public IReadOnlyList<(string Field, string Description)> Violations =>
        [.. Details?.GetDetail<BadRequest>()?.FieldViolations.Select(violation => (violation.Field, violation.Description)) ?? []];

    public static async Task<Failure> OfAsync(Func<Task> call)
    {
        RpcException exception = await Assert.ThrowsAsync<RpcException>(call);
        var failure = new Failure(exception.StatusCode, exception.Status.Detail, exception.Trailers, exception.GetRpcStatus());
        // Otherwise the client's library tells of an exception of its own.
        if (exception.Status.DebugException is null)
        {
            Leaks.AssertNone(Leaks.Of(failure));
        }

        return failure;
    }

    public static Task<Failure> OfAsync<T>(AsyncUnaryCall<T> call) => OfAsync(() => call.ResponseAsync);

    public T Detail<T>()
        where T : class, IMessage<T>, new()
    {
        Assert.NotNull(Details);
        T? detail = Details.GetDetail<T>();
        Assert.NotNull(detail);
        return detail;
    }

    public Failure AssertIs(StatusCode code, string reason)
    {
        Assert.True((code, reason) == (Code, Reason), $"Expected {code} {reason}, but it was {Code} {Reason}: {Text}");
        Assert.Equal("users.v1", Info!.Domain);
        Assert.Equal((int)code, Details!.Code);
        Assert.Equal(Text, Details.Message);
        Assert.True(Details.CalculateSize() < 4096, "A whole google.rpc.Status stays under 4 KB.");
        return this;
    }
}

internal static class ErrorReason
{
    public static string? Of(Status status) => status.GetDetail<ErrorInfo>()?.Reason;
}
