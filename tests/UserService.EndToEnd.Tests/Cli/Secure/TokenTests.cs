using System.Text.Json.Nodes;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Cli.Secure;

/// <summary>Each way to give the client a token, and each way in which the server does not take it.</summary>
[Collection("A server in Production")]
public sealed class TokenTests(SecureServer server) : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--token", "TOKEN")]
    [InlineData("--token-file", "FILE")]
    [InlineData("--token-command", "cat 'FILE'")]
    [InlineData]
    public async Task Each_way_to_give_a_token(params string[] options)
    {
        string token = server.Token("users.read");
        await File.WriteAllTextAsync(_folder.File("token"), token + "\n", TestContext.Current.CancellationToken);
        string[] complete = [.. options.Select(option => option
            .Replace("TOKEN", token, StringComparison.Ordinal)
            .Replace("FILE", _folder.File("token"), StringComparison.Ordinal))];

        await using ChildProcess client = await GetAsync(complete, options is [] ? [$"USERS_TOKEN={token}"] : []);

        Assert.Equal((0, ""), (client.ExitCode, client.Error.ToString()));
        Assert.Contains(client.Output.All, line => line.EndsWith(" Ada", StringComparison.Ordinal));
    }

    [Fact]
    public Task No_token() => RefusesAsync(
        "UNAUTHENTICATED: The server asks for a token: give one with --token-file, --token-command, --token or USERS_TOKEN.", "TOKEN_MISSING");

    [Fact]
    public async Task For_a_person_the_refusal_is_the_sentence_alone()
    {
        await using ChildProcess client = await GetAsync([], []);

        Assert.Equal(
            (1, "", "UNAUTHENTICATED: The server asks for a token: give one with --token-file, --token-command, --token or USERS_TOKEN."),
            (client.ExitCode, client.Output.ToString(), client.Error.ToString()));
    }

    [Fact]
    public Task A_bad_token() => RefusesAsync(
        "UNAUTHENTICATED: The token is not valid here: ask its issuer for another one.", "TOKEN_INVALID", "--token", server.Token() + "x");

    [Fact]
    public Task An_expired_token() => RefusesAsync(
        "UNAUTHENTICATED: The token has expired: give a fresh one, or --token-file or --token-command to get it from.",
        "TOKEN_EXPIRED",
        "--token",
        server.Token(left: TimeSpan.FromSeconds(-1)));

    [Fact]
    public Task A_token_without_the_permission() => RefusesAsync(
        "PERMISSION_DENIED: The token does not grant users.read: ask its issuer for one that does.", "SCOPE_MISSING", "--token", server.Token("chat"));

    [Fact]
    public async Task The_help_does_not_show_the_token()
    {
        await using ChildProcess client = await RunAsync(["--help"], ["USERS_TOKEN=secret"]);

        Assert.Contains("--token-file", client.Output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", client.Output.ToString(), StringComparison.Ordinal);
    }

    private async Task RefusesAsync(string sentence, string reason, params string[] options)
    {
        await using ChildProcess json = await GetAsync([.. options, "--json"], []);

        JsonNode error = JsonNode.Parse(Assert.Single(json.Error.All))!;
        Assert.Equal((1, "", sentence, reason), (json.ExitCode, json.Output.ToString(), (string?)error["error"], (string?)error["reason"]));
        Assert.All(options.Where(option => option.Length > 50), token => Assert.DoesNotContain(token[^20..], json.Error.ToString(), StringComparison.Ordinal));
    }

    private Task<ChildProcess> GetAsync(string[] options, string[] environment) =>
        RunAsync(["get", server.User, .. options], [$"USERS_ADDRESS={server.Address}", $"USERS_CA={server.CaFile}", .. environment]);

    private static async Task<ChildProcess> RunAsync(string[] arguments, string[] environment)
    {
        var client = new ChildProcess(UserctlProcess.Dll, arguments, environment);
        await client.EndAsync();
        return client;
    }
}
