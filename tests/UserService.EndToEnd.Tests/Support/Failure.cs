using Google.Rpc;
using Grpc.Core;

namespace Users.EndToEnd.Tests.Support;

internal static class Failure
{
    /// <summary>Asserts that the call fails with this status, and answers its reason; empty when the library failed it.</summary>
    public static async Task<string> ReasonAsync(StatusCode status, Func<Task> call)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(status, failure.StatusCode);
        return failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "";
    }

    /// <summary>
    /// Asserts that the server cannot start, and answers the sentence that it says about it. Nothing else is on standard error,
    /// and neither there nor in the log is there an error, an exception or a stack trace.
    /// </summary>
    public static async Task<string> OfStartAsync(
        IEnumerable<string> environment, IEnumerable<string>? arguments = null, string? dll = null)
    {
        await using ServerProcess server = ServerProcess.Launch(environment, arguments, dll);

        Assert.Equal(1, await server.Process.EndAsync());

        const string Start = "UserService.Server cannot start: ";
        string sentence = Assert.Single(server.Process.Error.All);
        Assert.StartsWith(Start, sentence);
        Assert.EndsWith(".", sentence);
        Assert.All(
            (string[])[.. server.Process.Output.All, sentence],
            line => Assert.DoesNotMatch("^(fail|crit): |^ +at |Exception|BinderOptions|System\\.|Parameter '", line));
        return sentence[Start.Length..];
    }
}
