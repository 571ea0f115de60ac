using Grpc.Core;
using Grpc.Core.Interceptors;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class InterceptorTests
{
    private readonly List<string> _log = [];

    private static CancellationToken Cancel => EchoTest.Cancel;

    public static TheoryData<string, string, Func<EchoService.EchoServiceClient, Task>> CallKinds => new()
    {
        { "BlockingUnaryCall", "Unary", client => Task.FromResult(client.Unary(new Note(), cancellationToken: Cancel)) },
        { "AsyncUnaryCall", "Unary", client => client.UnaryAsync(new Note(), cancellationToken: Cancel).ResponseAsync },
        {
            "AsyncServerStreamingCall", "ServerStream",
            client => client.ServerStream(new Note(), cancellationToken: Cancel).ResponseStream.MoveNext(Cancel)
        },
        { "AsyncClientStreamingCall", "ClientStream", client => CompleteAsync(client.ClientStream(cancellationToken: Cancel)) },
        { "AsyncDuplexStreamingCall", "Duplex", client => CompleteAsync(client.Duplex(cancellationToken: Cancel)) },
    };

    [Theory]
    [MemberData(nameof(CallKinds), DisableDiscoveryEnumeration = true)]
    public async Task The_first_of_several_client_interceptors_sees_a_call_first(
        string handler, string method, Func<EchoService.EchoServiceClient, Task> call)
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        CallInvoker invoker = echo.Channel.Intercept(Named("a"), Named("b"));

        await call(new EchoService.EchoServiceClient(invoker));

        Assert.Equal([$"a {handler} /echo.v1.EchoService/{method}", $"b {handler} /echo.v1.EchoService/{method}"], _log);
    }

    [Fact]
    public async Task A_client_interceptor_that_is_added_later_sees_a_call_earlier()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        CallInvoker invoker = echo.Channel.Intercept(Named("inner")).Intercept(Named("outer"));

        await new EchoService.EchoServiceClient(invoker).UnaryAsync(new Note(), cancellationToken: Cancel);

        Assert.Equal(["outer", "inner"], _log.Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [MemberData(nameof(CallKinds), DisableDiscoveryEnumeration = true)]
    public async Task A_function_may_replace_the_headers_of_every_kind_of_call(
        string handler, string method, Func<EchoService.EchoServiceClient, Task> call)
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        List<SeenCall> seen = [];
        CallInvoker invoker = echo.Channel
            .Intercept(new RecordingInterceptor(seen.Add))
            .Intercept(headers => [.. headers, new Metadata.Entry("added", "1")]);

        await call(new EchoService.EchoServiceClient(invoker));

        SeenCall only = Assert.Single(seen);
        Assert.Equal((handler, $"/echo.v1.EchoService/{method}"), (only.Handler, only.Method));
        Assert.Equal("1", only.Headers?.GetValue("added"));
    }

    [Fact]
    public async Task The_headers_that_a_call_brings_reach_the_function()
    {
        await using EchoTest echo = await EchoTest.StartAsync((_, context) =>
            Task.FromResult(new Note { Text = context.RequestHeaders.GetValue("brought") + context.RequestHeaders.GetValue("copied") }));
        CallInvoker invoker = echo.Channel.Intercept(headers => [.. headers, new Metadata.Entry("copied", headers.GetValue("brought")!)]);

        Note answer = await new EchoService.EchoServiceClient(invoker)
            .UnaryAsync(new Note(), new Metadata { { "brought", "x" } }, cancellationToken: Cancel);

        Assert.Equal("xx", answer.Text);
    }

    [Theory]
    [MemberData(nameof(CallKinds), DisableDiscoveryEnumeration = true)]
    public async Task The_first_of_several_server_interceptors_sees_a_call_first(
        string clientHandler, string method, Func<EchoService.EchoServiceClient, Task> call)
    {
        await using EchoTest echo = await EchoTest.StartAsync(new EchoServer
        {
            Options = options =>
            {
                options.Interceptors.Add<RecordingInterceptor>(Log("a"));
                options.Interceptors.Add<RecordingInterceptor>(Log("b"));
            },
        });

        await call(echo.Client);

        string handler = clientHandler.Replace("Async", "").Replace("Blocking", "").Replace("Call", "ServerHandler");
        Assert.Equal([$"a {handler} /echo.v1.EchoService/{method}", $"b {handler} /echo.v1.EchoService/{method}"], _log);
    }

    [Fact]
    public async Task An_interceptor_that_overrides_nothing_changes_nothing()
    {
        await using EchoTest echo = await EchoTest.StartAsync(new EchoServer { Options = options => options.Interceptors.Add<Transparent>() });
        EchoService.EchoServiceClient client = new(echo.Channel.Intercept(new Transparent()));

        foreach (var (_, _, call) in CallKinds.Select(row => row.Data))
        {
            await call(client);
        }
    }

    private RecordingInterceptor Named(string name) => new(Log(name));

    private Action<SeenCall> Log(string name) => call => _log.Add($"{name} {call.Handler} {call.Method}");

    private static async Task CompleteAsync(AsyncClientStreamingCall<Note, Note> call)
    {
        await call.RequestStream.CompleteAsync();
        await call;
    }

    private static async Task CompleteAsync(AsyncDuplexStreamingCall<Note, Note> call)
    {
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
    }

    private sealed class Transparent : Interceptor;
}
