using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class TlsTests
{
    [Fact]
    public async Task Over_tls_call_credentials_travel_and_the_peer_s_certificate_is_its_identity()
    {
        using X509Certificate2 certificate = CreateCertificate("echo");
        EchoServer server = new()
        {
            Listen = listen => listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            }),
            Unary = (_, context) => Task.FromResult(new Note { Text = Describe(context) }),
        };
        await using EchoServer started = await server.StartAsync();
        CallCredentials token = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", "Bearer t");
            return Task.CompletedTask;
        });
        using SocketsHttpHandler handler = new()
        {
            SslOptions =
            {
                ClientCertificates = [certificate],
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint,
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(
            started.Address,
            new GrpcChannelOptions { HttpHandler = handler, Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, token) });

        Note answer = await new EchoService.EchoServiceClient(channel).UnaryAsync(new Note(), cancellationToken: EchoTest.Cancel);

        Assert.Equal("Bearer t True x509_common_name echo", answer.Text);
    }

    [Fact]
    public async Task Without_tls_the_peer_is_nobody()
    {
        await using EchoTest echo = await EchoTest.StartAsync((_, context) => Task.FromResult(new Note
        {
            Text = $"{context.AuthContext.IsPeerAuthenticated} {context.AuthContext.PeerIdentity.Count()}",
        }));

        Assert.Equal("False 0", (await echo.Client.UnaryAsync(new Note(), cancellationToken: EchoTest.Cancel)).Text);
    }

    [Fact]
    public void An_identity_is_the_values_of_one_of_the_properties()
    {
        AuthProperty first = AuthProperty.Create("name", "é"u8.ToArray());
        AuthProperty second = AuthProperty.Create("name", [1]);
        AuthProperty other = AuthProperty.Create("other", [2]);
        AuthContext context = new("name", new Dictionary<string, List<AuthProperty>> { ["name"] = [first, second], ["other"] = [other] });

        Assert.Equal([first, second], context.PeerIdentity);
        Assert.Equal([other], context.FindPropertiesByName("other"));
        Assert.Empty(context.FindPropertiesByName("missing"));
        Assert.Equal(3, context.Properties.Count());
        Assert.Equal(("name", "é"), (first.Name, first.Value));
        second.ValueBytes[0] = 9;
        Assert.Equal([1], second.ValueBytes);
    }

    private static string Describe(ServerCallContext context)
    {
        AuthContext auth = context.AuthContext;
        string token = context.RequestHeaders.GetValue("authorization")!;
        return $"{token} {auth.IsPeerAuthenticated} {auth.PeerIdentityPropertyName} {auth.PeerIdentity.Single().Value}";
    }

    private static X509Certificate2 CreateCertificate(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
