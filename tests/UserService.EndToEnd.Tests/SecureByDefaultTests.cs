using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests;

/// <summary>
/// A server that is not in Development asks for TLS and tokens, and says how to give them or to do without. What is wrong with those
/// that are given is tried in the server's own tests, which need no process.
/// </summary>
public sealed class SecureByDefaultTests : IDisposable
{
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

    // With the shipped settings alone, where all other tests switch both off.
    private async Task<string> StartAsync(params string[] environment)
    {
        await using var server = new ChildProcess(
            ServerProcess.Dll, [], [$"ConnectionStrings__Users=Data Source={_folder.Database}", .. environment]);
        Assert.Equal(1, await server.EndAsync());
        return Assert.Single(server.Error.All);
    }
}
