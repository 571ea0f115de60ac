using System.Security.Cryptography;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>A server that is not in Development asks for TLS and tokens, and says how to give them or to do without.</summary>
public sealed class SecureByDefaultTests : IDisposable
{
    private const string Tokens = "Authentication__Schemes__Bearer__";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_word_about_TLS_it_does_not_start() => Assert.Equal(
        "UserService.Server cannot start: Kestrel:Endpoints:Grpc:Url is cleartext: write https:// and name a certificate in "
        + "Kestrel:Endpoints:Grpc:Certificate, or set Security:RequireTls=false where something else encrypts.",
        await StartAsync());

    [Fact]
    public async Task Without_a_word_about_tokens_it_does_not_start() => Assert.Equal(
        "UserService.Server cannot start: Authentication:Schemes:Bearer:ValidIssuer is not set: name it, or switch authentication off "
        + "with Security:RequireTokens=false.",
        await StartAsync("Security__RequireTls=false"));

    [Fact]
    public async Task Without_an_audience_of_tokens_it_does_not_start() => Assert.Equal(
        "Authentication:Schemes:Bearer:ValidAudience is not set: name it, or switch authentication off with Security:RequireTokens=false.",
        await RefusalAsync("Security__RequireTokens=true", $"{Tokens}ValidIssuer=me"));

    [Fact]
    public async Task Without_a_key_of_tokens_it_does_not_start() => Assert.Equal(
        "Authentication:Schemes:Bearer:PublicKeyFiles names no key: name a PEM file, or switch authentication off with Security:RequireTokens=false.",
        await RefusalAsync("Security__RequireTokens=true", $"{Tokens}ValidIssuer=me", $"{Tokens}ValidAudience=users"));

    [Theory]
    [InlineData("missing.pem", "cannot be read: ")]
    [InlineData("nonsense.pem", "is no RSA or EC public key in PEM form: ")]
    [InlineData("private.pem", "holds a private key: leave that with the issuer, and name its public key here.")]
    public async Task With_a_bad_key_it_does_not_start(string file, string fault)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder.File("nonsense.pem"), "nonsense");
        File.WriteAllText(_folder.File("private.pem"), key.ExportPkcs8PrivateKeyPem());

        string sentence = await RefusalAsync(
            "Security__RequireTokens=true", $"{Tokens}ValidIssuer=me", $"{Tokens}ValidAudience=users", $"{Tokens}PublicKeyFiles__0={_folder.File(file)}");

        Assert.StartsWith($"Authentication:Schemes:Bearer:PublicKeyFiles:0 {fault}", sentence);
    }

    [Theory]
    [InlineData("Security__RequireTLS_=true", "Security:RequireTLS_ is not a setting: take it out, or correct its name.")]
    [InlineData("Security__RequireTls=perhaps", "Security:RequireTls cannot be 'perhaps': write it like True.")]
    [InlineData("Security__ClientCaFile=/missing.pem", "Security:ClientCaFile cannot be read: '/missing.pem'.")]
    [InlineData("Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0", null)]
    [InlineData("Kestrel__Endpoints__Grpc__Certificate__Path=/missing.pem", null, "Kestrel__Endpoints__Grpc__Url=https://127.0.0.1:0")]
    public async Task A_bad_setting_is_told_in_a_sentence(string setting, string? sentence, string? another = null)
    {
        string told = await RefusalAsync([setting, .. another is null ? Array.Empty<string>() : [another]]);

        Assert.Equal(sentence ?? told, told);
    }

    // With the shipped settings alone, where all other tests switch both off.
    private async Task<string> StartAsync(params string[] environment)
    {
        await using var server = new ChildProcess(
            ServerProcess.Dll, [], [$"ConnectionStrings__Users=Data Source={_folder.Database}", .. environment]);
        Assert.Equal(1, await server.EndAsync());
        return Assert.Single(server.Error.All);
    }

    private Task<string> RefusalAsync(params string[] environment) =>
        Failure.OfStartAsync([$"ConnectionStrings__Users=Data Source={_folder.Database}", .. environment]);
}
