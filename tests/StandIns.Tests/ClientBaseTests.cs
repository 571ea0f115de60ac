using Grpc.Core;
using Grpc.Core.Interceptors;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class ClientBaseTests
{
    private static CancellationToken Cancel => EchoTest.Cancel;

    [Fact]
    public async Task A_client_for_a_host_names_it_in_every_kind_of_call()
    {
        await using EchoTest echo = await EchoTest.StartAsync();
        List<SeenCall> seen = [];
        EchoService.EchoServiceClient plain = new(echo.Channel.Intercept(new RecordingInterceptor(seen.Add)));
        EchoService.EchoServiceClient hosted = plain.WithHost("example");

        await plain.UnaryAsync(new Note(), cancellationToken: Cancel);
        await hosted.UnaryAsync(new Note(), cancellationToken: Cancel);
        hosted.Unary(new Note(), cancellationToken: Cancel);
        hosted.ServerStream(new Note(), cancellationToken: Cancel).Dispose();
        hosted.ClientStream(cancellationToken: Cancel).Dispose();
        hosted.Duplex(cancellationToken: Cancel).Dispose();

        Assert.Equal([null, "example", "example", "example", "example", "example"], seen.Select(call => call.Host));
    }

    [Fact]
    public void A_test_double_is_made_without_a_channel_and_cannot_call()
    {
        ClientDouble client = new();
        Assert.ThrowsAny<SystemException>(() => client.Unary(new Note(), cancellationToken: Cancel));
        Assert.ThrowsAny<SystemException>(() => client.UnaryAsync(new Note(), cancellationToken: Cancel));
        Assert.ThrowsAny<SystemException>(() => client.ServerStream(new Note(), cancellationToken: Cancel));
        Assert.ThrowsAny<SystemException>(() => client.ClientStream(cancellationToken: Cancel));
        Assert.ThrowsAny<SystemException>(() => client.Duplex(cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_channel_keeps_its_target_and_is_shut_down_through_its_base()
    {
        OwnChannel channel = new("localhost:1");

        await ((ChannelBase)channel).ShutdownAsync();

        Assert.Equal("localhost:1", channel.Target);
        Assert.True(channel.IsShutDown);
    }

    private sealed class ClientDouble : EchoService.EchoServiceClient;

    private sealed class OwnChannel(string target) : ChannelBase(target)
    {
        public bool IsShutDown { get; private set; }

        public override CallInvoker CreateCallInvoker() => throw new InvalidOperationException("Not asked for here.");

        protected override Task ShutdownAsyncCore()
        {
            IsShutDown = true;
            return Task.CompletedTask;
        }
    }
}
