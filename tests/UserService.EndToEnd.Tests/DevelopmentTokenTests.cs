using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests;

/// <summary>docs/security.md's way to a token for Development.</summary>
public sealed partial class DevelopmentTokenTests : IDisposable
{
    private const string Ada = "01900000-0000-7000-8000-000000000001";
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_that_the_SDK_created_is_taken()
    {
        // The tool writes into the project's folder and the user's, so both are copies.
        foreach (string file in (string[])["UserService.Server.csproj", "appsettings.Development.json"])
        {
            File.Copy(Repository.File("src", "UserService.Server", file), _folder.File(file));
        }

        string document = await File.ReadAllTextAsync(Repository.File("docs", "security.md"), Token);
        ShellResult created = await Shell.RunAsync(Command().Match(document).Value, _folder.Path, $"HOME={_folder.Path}");
        string token = CreatedToken().Match(created.Output).Groups[1].Value;
        JsonNode settings = JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("appsettings.Development.json"), Token))!;

        await using ServerProcess server = await ServerProcess.StartAsync(
            _folder.Database,
            $"HOME={_folder.Path}",
            "ASPNETCORE_ENVIRONMENT=Development",
            "Security__RequireTokens=true",
            $"Authentication__Schemes__Bearer__ValidIssuer={settings["Authentication"]!["Schemes"]!["Bearer"]!["ValidIssuer"]}",
            $"Authentication__Schemes__Bearer__ValidAudiences__0={settings["Authentication"]!["Schemes"]!["Bearer"]!["ValidAudiences"]![0]}");
        var bearer = new Metadata { { "authorization", $"Bearer {token}" } };

        Assert.Equal("TOKEN_MISSING", await Failure.ReasonAsync(StatusCode.Unauthenticated, () => server.Client.GetAsync(Ada)));
        Assert.Equal("Ada Lovelace", (await server.Client.GetUserAsync(new() { Id = Ada }, bearer, cancellationToken: Token)).Name);
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> chat = server.Client.ChatUsers(bearer, cancellationToken: Token);
        await chat.RequestStream.WriteAsync(new() { UserId = Ada, Message = "hello" }, Token);
        Assert.True(await chat.ResponseStream.MoveNext(Token));
    }

    [GeneratedRegex("dotnet user-jwts .*")]
    private static partial Regex Command();

    [GeneratedRegex("Token: ([^\n]+)")]
    private static partial Regex CreatedToken();
}
