using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Secure;

/// <summary>A chat that outlives the token that it began with.</summary>
public sealed class TokenExpiryTests(SecureServer server) : IClassFixture<SecureServer>, IDisposable
{
    // Time enough to join; then the chat waits for the rest of it.
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(6);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_a_command_it_goes_on()
    {
        await File.WriteAllTextAsync(_folder.File("second"), server.Token(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("first"), server.Token(left: Left), TestContext.Current.CancellationToken);
        await using ChildProcess client = Join(
            "--token-command", $"cd '{_folder.Path}'; cat first 2>/dev/null || cat second; rm -f first");
        await client.Input.WriteLineAsync("before");
        await client.Output.FirstAsync("Ada: before");

        await client.Error.FirstAsync("The token expired; joining again in ");
        await client.Error.FirstAsync("Back in the room.");
        await client.Input.WriteLineAsync("after");
        client.Input.Close();

        Assert.True(await client.EndAsync() == 0, $"{client.Error}");
        Assert.Equal(["before", "after"], client.Output.All.Select(line => line.Split(": ")[1]));
    }

    [Fact]
    public async Task With_a_fixed_token_it_ends_and_says_how_to_give_one_that_does_not()
    {
        await using ChildProcess client = Join("--token", server.Token(left: Left));
        await client.Input.WriteLineAsync("before");
        await client.Output.FirstAsync("Ada: before");

        Assert.Equal(1, await client.EndAsync());
        Assert.Equal(
            "UNAUTHENTICATED: The token has expired: give a fresh one, or --token-file or --token-command to get it from.",
            Assert.Single(client.Error.All));
    }

    private ChildProcess Join(params string[] options)
    {
        // From the room's beginning: so it can go on whenever the token expires.
        string[] arguments = ["chat", "--as", server.User, "--room", Guid.NewGuid().ToString("N"), "--after", "0", "--ca", server.CaFile, .. options];
        ChildProcess client = ClientProcess.Start(server.Address, arguments);
        client.Input.AutoFlush = true;
        return client;
    }
}
