using Grpc.Core;
using Grpc.Net.Client;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

/// <summary>A server, a channel to it and the generated client, for as long as a test runs.</summary>
internal sealed class EchoTest(EchoServer server, GrpcChannel channel) : IAsyncDisposable
{
    public EchoServer Server { get; } = server;

    public GrpcChannel Channel { get; } = channel;

    public EchoService.EchoServiceClient Client { get; } = new(channel);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<EchoTest> StartAsync(EchoServer? server = null, GrpcChannelOptions? options = null)
    {
        EchoServer started = await (server ?? new EchoServer()).StartAsync();
        return new EchoTest(started, GrpcChannel.ForAddress(started.Address, options ?? new GrpcChannelOptions()));
    }

    public static async Task<EchoTest> StartAsync(UnaryServerMethod<Note, Note> unary, GrpcChannelOptions? options = null) =>
        await StartAsync(new EchoServer { Unary = unary }, options);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Server.DisposeAsync();
    }
}
