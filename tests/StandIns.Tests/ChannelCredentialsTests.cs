using Grpc.Core;
using Grpc.Net.Client;

namespace StandIns.Tests;

public sealed class ChannelCredentialsTests
{
    private static readonly CallCredentials Call = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);

    [Fact]
    public void Each_kind_describes_itself_to_the_engine()
    {
        KeyCertificatePair pair = new("chain", "key");
        VerifyPeerCallback verify = _ => true;

        Assert.Equal(["insecure"], Describe(ChannelCredentials.Insecure));
        Assert.Equal(["ssl", null, null, null], Describe(ChannelCredentials.SecureSsl));
        Assert.Equal(["ssl", null, null, null], Describe(new SslCredentials()));
        Assert.Equal(["ssl", "roots", null, null], Describe(new SslCredentials("roots")));
        Assert.Equal(["ssl", "roots", pair, null], Describe(new SslCredentials("roots", pair)));
        Assert.Equal(["ssl", "roots", pair, verify], Describe(new SslCredentials("roots", pair, verify)));
        Assert.Equal(
            ["composite", ChannelCredentials.SecureSsl, Call],
            Describe(ChannelCredentials.Create(ChannelCredentials.SecureSsl, Call)));
    }

    [Fact]
    public void A_certificate_pair_keeps_both_halves()
    {
        KeyCertificatePair pair = new("chain", "key");
        Assert.Equal(("chain", "key"), (pair.CertificateChain, pair.PrivateKey));
        Assert.Throws<ArgumentNullException>(() => new KeyCertificatePair(null!, "key"));
        Assert.Throws<ArgumentNullException>(() => new KeyCertificatePair("chain", null!));
    }

    [Fact]
    public void Composition_needs_both_parts()
    {
        Assert.Throws<ArgumentNullException>(() => ChannelCredentials.Create(null!, Call));
        Assert.Throws<ArgumentNullException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, null!));
    }

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("https://localhost", false)]
    public void The_engine_refuses_credentials_that_contradict_the_address(string address, bool secure) =>
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            address,
            new GrpcChannelOptions { Credentials = secure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure }));

    private static object?[] Describe(ChannelCredentials credentials)
    {
        Describer describer = new();
        object state = new();
        credentials.InternalPopulateConfiguration(describer, state);
        Assert.Same(state, describer.State);
        return describer.Description;
    }

    private sealed class Describer : ChannelCredentialsConfiguratorBase
    {
        public object? State { get; private set; }

        public object?[] Description { get; private set; } = [];

        public override void SetInsecureCredentials(object? state) => (State, Description) = (state, ["insecure"]);

        public override void SetSslCredentials(
            object? state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) =>
            (State, Description) = (state, ["ssl", rootCertificates, keyCertificatePair, verifyPeerCallback]);

        public override void SetCompositeCredentials(
            object? state, ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
            (State, Description) = (state, ["composite", channelCredentials, callCredentials]);
    }
}
