using System.Security.Cryptography;

namespace Users.Server.Tests.Hosting;

/// <summary>What a server that asks for tokens needs to know of them, or it does not start.</summary>
public sealed class BadTokenSettingsTests
{
    private const string Bearer = "Authentication:Schemes:Bearer";
    private const string Off = "or switch authentication off with Security:RequireTokens=false.";

    [Fact]
    public async Task Without_an_issuer() =>
        Assert.Equal($"{Bearer}:ValidIssuer is not set: name it, {Off}", await SentenceAsync());

    [Fact]
    public async Task Without_an_audience() =>
        Assert.Equal($"{Bearer}:ValidAudience is not set: name it, {Off}", await SentenceAsync("ValidIssuer=me"));

    [Fact]
    public async Task Without_a_key() => Assert.Equal(
        $"{Bearer}:PublicKeyFiles names no key: name a PEM file, or an issuer that publishes its keys in {Bearer}:Authority, {Off}", await SentenceAsync("ValidIssuer=me", "ValidAudience=users"));

    [Fact]
    public async Task Without_an_audience_of_an_issuer_that_publishes_its_keys() => Assert.Equal(
        $"{Bearer}:ValidAudience is not set: name it, {Off}", await SentenceAsync("Authority=https://issuer.example"));

    [Theory]
    [InlineData("Authority=http://issuer.example", "Authority cannot be 'http://issuer.example': write the issuer's address, https://...")]
    [InlineData("Authority=issuer", "Authority cannot be 'issuer': write the issuer's address, https://...")]
    [InlineData("Authority=ftp://issuer.example RequireHttpsMetadata=false", "Authority cannot be 'ftp://issuer.example': write the issuer's address, https://...")]
    [InlineData("Authority=https://issuer.example AutomaticRefreshInterval=00:00:09", "AutomaticRefreshInterval must be 00:00:10 to 1.00:00:00.")]
    [InlineData("Authority=https://issuer.example AutomaticRefreshInterval=often", "AutomaticRefreshInterval must be 00:00:10 to 1.00:00:00.")]
    public async Task With_a_bad_authority(string settings, string fault) =>
        Assert.Equal($"{Bearer}:{fault}", await SentenceAsync([.. settings.Split(' '), "ValidAudience=users"]));

    [Theory]
    [InlineData("missing.pem", null, "cannot be read: ")]
    [InlineData("nonsense.pem", "nonsense", "is no RSA or EC public key in PEM form: ")]
    [InlineData("private.pem", "PRIVATE", "holds a private key: leave that with the issuer, and name its public key here.")]
    public async Task With_a_bad_key(string file, string? content, string fault)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("users-server-tests-");
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string path = Path.Combine(folder.FullName, file);
            if (content is not null)
            {
                await File.WriteAllTextAsync(
                    path, content == "PRIVATE" ? key.ExportPkcs8PrivateKeyPem() : content, TestContext.Current.CancellationToken);
            }

            string sentence = await SentenceAsync("ValidIssuer=me", "ValidAudience=users", $"PublicKeyFiles:0={path}");

            Assert.StartsWith($"{Bearer}:PublicKeyFiles:0 {fault}", sentence, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<string> SentenceAsync(params string[] settings) =>
        RefusedStart.SentenceAsync(["--Security:RequireTokens=true", .. settings.Select(setting => $"--{Bearer}:{setting}")]);
}
