using Users.Server.Fields;

namespace Users.Server.Tests;

public sealed class AddrSpecTests
{
    [Theory]
    [InlineData("a@b")]
    [InlineData("ada@example.com")]
    [InlineData("ADA.Lovelace+tag@Example.COM")]
    [InlineData("!#$%&'*+/=?^_`{|}~-@b.c")]
    [InlineData("\"a b\"@c.d")]
    [InlineData("\"a\\\"b\"@c.d")]
    [InlineData("a@[127.0.0.1]")]
    public void An_addr_spec_is_taken(string text) => Assert.True(AddrSpec.IsMatch(text));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("a@b@c")]
    [InlineData(".a@b.c")]
    [InlineData("a.@b.c")]
    [InlineData("a..b@c.d")]
    [InlineData("a@.b")]
    [InlineData("a@b.")]
    [InlineData("a@b..c")]
    [InlineData("a b@c.d")]
    [InlineData("a@b c")]
    [InlineData(" a@b.c")]
    [InlineData("a@b.c ")]
    [InlineData("a@b.c\n")]
    [InlineData("Ada <a@b.c>")]
    [InlineData("<a@b.c>")]
    [InlineData("a(comment)@b.c")]
    [InlineData("a@b.c, d@e.f")]
    [InlineData("\"a\"b@c.d")]
    [InlineData("\"a\nb\"@c.d")]
    [InlineData("ä@b.c")]
    [InlineData("a@bücher.example")]
    [InlineData("a@\u212Aelvin.example")]
    [InlineData("a\u0000@b.c")]
    public void Anything_else_is_not(string text) => Assert.False(AddrSpec.IsMatch(text));
}
