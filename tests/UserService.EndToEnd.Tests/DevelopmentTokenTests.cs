using System.Text.RegularExpressions;
using Grpc.Core;
using Users.EndToEnd.Tests.Documents;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>docs/security.md's ways to a token: for Development, and for a server in Production without an issuer.</summary>
public sealed partial class DevelopmentTokenTests : IDisposable
{
    private const string Ada = "01900000-0000-7000-8000-000000000001";
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_that_the_SDK_created_is_taken()
    {
        // The tool reads the project's folder and writes into the user's, so both are copies.
        foreach (string file in (string[])["UserService.Server.csproj", "appsettings.Development.json"])
        {
            File.Copy(Repository.File("src", "UserService.Server", file), _folder.File(file));
        }

        string[] lines = [.. Document.Read("docs/security.md").Code.SkipWhile(line => line != "echo '{}' > appsettings.Tokens.json").Take(3)];
        ShellResult created = await Shell.RunAsync(string.Join('\n', lines[..2]), _folder.Path, $"HOME={_folder.Path}");
        string token = CreatedToken().Match(created.Output).Groups[1].Value;
        Assert.StartsWith("export ", lines[2]);

        await using ServerProcess server = await ServerProcess.StartAsync(
            _folder.Database,
            [$"HOME={_folder.Path}", "ASPNETCORE_ENVIRONMENT=Development", "Security__RequireTokens=true", .. lines[2]["export ".Length..].Split(' ')]);
        var bearer = new Metadata { { "authorization", $"Bearer {token}" } };

        Assert.Equal("TOKEN_MISSING", await Failure.ReasonAsync(StatusCode.Unauthenticated, () => server.Client.GetAsync(Ada)));
        Assert.Equal("Ada Lovelace", (await server.Client.GetUserAsync(new() { Id = Ada }, bearer, cancellationToken: Token)).Name);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(bearer, cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = Ada, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
        // No file that git knows has changed.
        Assert.Equal(
            await File.ReadAllTextAsync(Repository.File("src", "UserService.Server", "appsettings.Development.json"), Token),
            await File.ReadAllTextAsync(_folder.File("appsettings.Development.json"), Token));
        Assert.Contains("appsettings.Tokens.json", await File.ReadAllLinesAsync(Repository.File(".gitignore"), Token));
    }

    [Fact]
    public async Task The_way_from_nothing_to_a_first_token_leads_to_one()
    {
        IEnumerable<string> lines = Document.Read("docs/security.md").Code
            .SkipWhile(line => !line.StartsWith("openssl genpkey", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("Authentication__", StringComparison.Ordinal));
        string[] settings = [.. Document.Read("docs/security.md").Code
            .SkipWhile(line => !line.StartsWith("Authentication__", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith("Authentication__", StringComparison.Ordinal))];
        Assert.Equal(3, settings.Length);
        ShellResult made = await Shell.RunAsync(string.Join('\n', lines), _folder.Path);
        Assert.Equal((0, ""), (made.ExitCode, made.Output));
        var bearer = new Metadata { { "authorization", $"Bearer {(await File.ReadAllTextAsync(_folder.File("token"), Token)).Trim()}" } };

        await using ServerProcess server = await ServerProcess.StartAsync(
            _folder.Database,
            ["Security__RequireTokens=true", .. settings.Select(setting => setting.Replace("/etc/users/issuer.pem", _folder.File("issuer.pem"), StringComparison.Ordinal))]);

        Assert.Equal("TOKEN_MISSING", await Failure.ReasonAsync(StatusCode.Unauthenticated, () => server.Client.GetAsync(Ada)));
        Assert.Equal("Ada", (await server.Client.CreateUserAsync(new() { Name = "Ada", Email = "ada@example.com" }, bearer, cancellationToken: Token)).Name);
    }

    [GeneratedRegex("Token: ([^\n]+)")]
    private static partial Regex CreatedToken();
}
