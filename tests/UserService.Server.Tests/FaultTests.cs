using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>
/// Whose fault an exception is: the caller's only where its source is known to be the caller's doing. All else is INTERNAL, and the log
/// has the exception, also where the caller has gone.
/// </summary>
public sealed class FaultTests
{
    private static readonly Dictionary<string, Func<Task>> Bugs = new()
    {
        ["a file that is not there"] = () => File.ReadAllTextAsync("/nowhere/file"),
        ["an IOException"] = () => throw new IOException("of our own"),
        ["a null reference"] = () => Task.FromResult(((string?)null)!.Length),
        ["an object that was disposed"] = () => throw new ObjectDisposedException("it"),
        ["an invalid operation"] = () => throw new InvalidOperationException("of our own"),
        ["a time limit of our own"] = () => Task.Delay(Timeout.Infinite, new CancellationToken(canceled: true)),
        ["a service that this one calls, and that is not there"] = async () =>
        {
            using var channel = GrpcChannel.ForAddress("http://127.0.0.1:9");
            await new UserService.UserServiceClient(channel).GetUserAsync(new());
        },
    };

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static TheoryData<string> Names => [.. Bugs.Keys];

    // A wait that was cancelled while the call was, too, cannot be told from the call's own.
    public static TheoryData<string> NamesWithoutWaits => [.. Bugs.Keys.Where(name => !name.Contains("time limit", StringComparison.Ordinal))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bug_is_INTERNAL_and_logged(string bug)
    {
        await using RunningServer server = await StartAsync(_ => Bugs[bug]());

        Failure failure = await AnyMethod.FailAsync(server.Connect(), OtherService.Method);

        failure.AssertIs(StatusCode.Internal, "INTERNAL");
        await AssertLoggedAsync(server);
    }

    [Theory]
    [MemberData(nameof(NamesWithoutWaits))]
    public async Task A_bug_of_a_call_that_is_cancelled_is_logged_too(string bug)
    {
        var begun = new TaskCompletionSource();
        await using RunningServer server = await StartAsync(async context =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Bugs[bug]();
        });
        using var gone = new CancellationTokenSource();
        Task<StatusCode> call = AskAsync(server, gone.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await gone.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, await call);
        await AssertLoggedAsync(server);
    }

    [Fact]
    public async Task A_wait_that_ends_with_the_call_is_the_callers()
    {
        var begun = new TaskCompletionSource();
        await using RunningServer server = await StartAsync(context =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        using var gone = new CancellationTokenSource();
        Task<StatusCode> call = AskAsync(server, gone.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await gone.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, await call);
        Assert.Equal(LogLevel.Debug, (await server.Log.WaitForAsync(line => line.Text.StartsWith($"/{OtherService.Method} ended Cancelled", StringComparison.Ordinal))).Level);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_library_refuses_once_a_call_is_over_is_the_callers(bool reads)
    {
        var begun = new TaskCompletionSource();
        var refused = new TaskCompletionSource<Exception>();
        await using RunningServer server = await StartAsync(null, async (requests, responses, context) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (true)
            {
                try
                {
                    await (reads ? requests.MoveNext(CancellationToken.None) : responses.WriteAsync([], CancellationToken.None));
                }
                catch (InvalidOperationException refusal)
                {
                    refused.SetResult(refusal);
                    throw;
                }
                catch (Exception)
                {
                    // The stream is broken, and the library closes it in a moment.
                    await Task.Yield();
                }
            }
        });
        using var gone = new CancellationTokenSource();
        using AsyncDuplexStreamingCall<byte[], byte[]> call = server.Connect().CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, "orders.v1.Orders", nameof(OtherService.Talk), Bytes, Bytes),
            null,
            new CallOptions(cancellationToken: gone.Token));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await gone.CancelAsync();

        await refused.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        LogLine line = await server.Log.WaitForAsync(line => line.Text.StartsWith("/orders.v1.Orders/Talk ended ", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, line.Level);
    }

    private static Task<RunningServer> StartAsync(
        Func<ServerCallContext, Task>? answer, DuplexStreamingServerMethod<byte[], byte[]>? talk = null)
    {
        async Task<byte[]> AnswerAsync(byte[] request, ServerCallContext context)
        {
            await answer!(context);
            return request;
        }

        return RunningServer.StartMappedAsync(
            app => app.MapGrpcService<OtherService>().AllowAnonymous(), services => services.AddSingleton(new OtherService(AnswerAsync, talk)));
    }

    private static async Task<StatusCode> AskAsync(RunningServer server, CancellationToken gone)
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, "orders.v1.Orders", "Ask", Bytes, Bytes);
        using AsyncUnaryCall<byte[]> call = server.Connect().CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: gone), []);
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode;
    }

    private static async Task AssertLoggedAsync(RunningServer server)
    {
        LogLine line = await server.Log.WaitForAsync(line => line.Text.StartsWith($"/{OtherService.Method} ended ", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.NotNull(line.Exception);
    }
}
