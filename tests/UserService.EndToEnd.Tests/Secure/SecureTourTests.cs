using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Secure;

/// <summary>The tour over TLS with a token, against a server in Production.</summary>
[Collection("A server in Production")]
public sealed class SecureTourTests(SecureServer server)
{
    [Fact]
    public async Task Every_step_ends_as_it_should()
    {
        string token = server.Token();
        await using var tour = new TourProcess("--address", server.Address, "--ca", server.CaFile, "--token", token);

        int exitCode = await tour.Process.EndAsync();

        Assert.Equal((0, ""), (exitCode, tour.Process.Error.ToString()));
        Assert.Equal(TourTests.AllSteps, tour.Steps);
        Assert.Contains("Ada, elsewhere hears #", tour.Process.Output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], tour.Process.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_nobody_ends_it_with_a_sentence()
    {
        await using var tour = new TourProcess("--address", server.Address, "--ca", server.CaFile, "--token", "opaque");

        Assert.Equal(1, await tour.Process.EndAsync());
        Assert.StartsWith("The token does not say whose it is: ", Assert.Single(tour.Process.Error.All));
    }

    [Fact]
    public async Task Without_a_token_a_step_says_what_is_missing()
    {
        await using var tour = new TourProcess("--address", server.Address, "--ca", server.CaFile);

        Assert.Equal(1, await tour.Process.EndAsync());
        Assert.Contains("   UNAUTHENTICATED (TOKEN_MISSING), expected OK", tour.Process.Output.All);
    }

    [Fact]
    public async Task In_cleartext_it_is_told_to_use_TLS()
    {
        string address = server.Address.Replace("https", "http", StringComparison.Ordinal);
        await using var tour = new TourProcess("--address", address, "--token", server.Token());

        Assert.Equal(3, await tour.Process.EndAsync());
        Assert.Equal($"The server at {address} speaks TLS; write https:// instead of http://.", Assert.Single(tour.Process.Error.All));
    }
}
