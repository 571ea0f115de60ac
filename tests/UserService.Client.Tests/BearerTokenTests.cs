using System.Buffers.Text;
using System.Text;
using Grpc.Net.Client;
using Users.Client.Connection;

namespace Users.Client.Tests;

public sealed class BearerTokenTests
{
    [Theory]
    [InlineData("""{"sub":"somebody"}""", "somebody")]
    [InlineData("""{"sub":""}""")]
    [InlineData("""{"sub":7}""")]
    [InlineData("""{"name":"somebody"}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public void The_subject_is_read_from_the_token(string claims, string? subject = null) =>
        AssertSubject($"head.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.signature", subject);

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.!!!.c")]
    [InlineData("a.b.c.d")]
    public void A_token_that_is_no_JWT_has_no_subject(string token) => AssertSubject(token, null);

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("secret secret")]
    [InlineData("sécret")]
    [InlineData("secret\r\nx: y")]
    public void What_cannot_be_a_token_is_refused_without_being_quoted(string? text)
    {
        CommandException failure = Assert.Throws<CommandException>(() => BearerToken.Check(text, "--token"));

        Assert.Equal("--token holds no token: one line of visible ASCII characters without spaces.", failure.Message);
    }

    [Theory]
    [InlineData("http://example.test")]
    [InlineData("example.test:1,localhost:1")]
    [InlineData("dns:///example.test:1")]
    public async Task A_channel_does_not_send_it_to_another_host_in_cleartext(string address)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using GrpcChannel channel = UsersChannel.Open(
                ServerAddress.TryParse(address)!, token: BearerToken.Credentials(_ => Task.FromResult("secret")));
            await channel.CreateClient(TimeSpan.FromSeconds(10)).GetUserAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        });

        Assert.IsType<InvalidOperationException>(failure);
    }

    private static void AssertSubject(string token, string? subject)
    {
        if (subject is not null)
        {
            Assert.Equal(subject, BearerToken.ReadSubject(token));
            return;
        }

        CommandException failure = Assert.Throws<CommandException>(() => BearerToken.ReadSubject(token));
        Assert.StartsWith("The token does not say whose it is: ", failure.Message, StringComparison.Ordinal);
    }
}
