using Grpc.Core;
using Grpc.Net.Client;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class CallCredentialsTests
{
    private static readonly string[] Headers = ["authorization", "tenant", "region"];

    private static readonly CallCredentials Token = CallCredentials.FromInterceptor((_, metadata) =>
    {
        metadata.Add("authorization", "Bearer t");
        return Task.CompletedTask;
    });

    private static readonly CallCredentials Tenant = CallCredentials.FromInterceptor(async (_, metadata) =>
    {
        await Task.Yield();
        metadata.Add("tenant", "a");
    });

    private static readonly CallCredentials Region = CallCredentials.FromInterceptor((_, metadata) =>
    {
        metadata.Add("region", "eu");
        return Task.CompletedTask;
    });

    private static CancellationToken Cancel => EchoTest.Cancel;

    [Fact]
    public async Task Credentials_of_a_call_add_headers_to_it()
    {
        await using EchoTest echo = await StartAsync(new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });

        Assert.Equal("Bearer t||", await CallAsync(echo, Token));
        Assert.Equal("||", await CallAsync(echo, null));
    }

    [Fact]
    public async Task Composed_credentials_all_apply_also_composed_again()
    {
        await using EchoTest echo = await StartAsync(new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });

        Assert.Equal("Bearer t|a|", await CallAsync(echo, CallCredentials.Compose(Token, Tenant)));
        Assert.Equal("Bearer t|a|eu", await CallAsync(echo, CallCredentials.Compose(CallCredentials.Compose(Token, Tenant), Region)));
    }

    [Fact]
    public async Task Credentials_of_the_channel_apply_to_every_call_beside_those_of_the_call()
    {
        await using EchoTest echo = await StartAsync(new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, Token),
            UnsafeUseInsecureChannelCallCredentials = true,
        });

        Assert.Equal("Bearer t||", await CallAsync(echo, null));
        Assert.Equal("Bearer t|a|", await CallAsync(echo, Tenant));
    }

    [Fact]
    public async Task Without_the_unsafe_option_no_secret_leaves_over_cleartext()
    {
        await using EchoTest echo = await StartAsync(new GrpcChannelOptions());

        Assert.Equal("||", await CallAsync(echo, Token));
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions { Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, Token) }));
    }

    [Fact]
    public async Task The_interceptor_is_told_which_call_it_serves()
    {
        AuthInterceptorContext? seen = null;
        CallCredentials credentials = CallCredentials.FromInterceptor((context, _) =>
        {
            seen = context;
            return Task.CompletedTask;
        });
        await using EchoTest echo = await StartAsync(new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });

        await CallAsync(echo, credentials);

        Assert.Equal("Unary", seen?.MethodName);
        Assert.EndsWith($"{echo.Channel.Target}/echo.v1.EchoService", seen?.ServiceUrl);
    }

    [Fact]
    public void Composition_needs_at_least_two()
    {
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose());
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(Token));
        Assert.Throws<ArgumentNullException>(() => CallCredentials.FromInterceptor(null!));
    }

    private static async Task<EchoTest> StartAsync(GrpcChannelOptions options) => await EchoTest.StartAsync(
        (_, context) => Task.FromResult(new Note
        {
            Text = string.Join('|', Headers.Select(context.RequestHeaders.GetValue)),
        }),
        options);

    private static async Task<string> CallAsync(EchoTest echo, CallCredentials? credentials) =>
        (await echo.Client.UnaryAsync(new Note(), new CallOptions(credentials: credentials, cancellationToken: Cancel))).Text;
}
