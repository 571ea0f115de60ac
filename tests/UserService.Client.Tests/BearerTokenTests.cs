using System.Buffers.Text;
using System.Text;
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
    [InlineData("https://example.test", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://example.test", false)]
    public void It_is_safe_in_TLS_and_on_this_host(string address, bool isSafe) =>
        Assert.Equal(isSafe, BearerToken.IsSafeTo(new Uri(address)));

    [Fact]
    public void A_channel_does_not_send_it_to_another_host_in_cleartext() => Assert.Throws<InvalidOperationException>(() =>
        UsersChannel.Open(new Uri("http://example.test"), token: BearerToken.Credentials(_ => Task.FromResult("secret"))));

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
