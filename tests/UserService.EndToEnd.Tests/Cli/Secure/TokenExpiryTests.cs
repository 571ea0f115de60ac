using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Cli.Secure;

/// <summary>A chat that outlives the token that it began with.</summary>
[Collection("A server in Production")]
public sealed class TokenExpiryTests(SecureServer server) : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_a_command_it_goes_on()
    {
        await File.WriteAllTextAsync(_folder.File("second"), server.Token(), TestContext.Current.CancellationToken);
        await using ChildProcess client = await JoinInTimeAsync(async left =>
        {
            await File.WriteAllTextAsync(_folder.File("first"), server.Token(left: left), TestContext.Current.CancellationToken);
            return ["--token-command", $"cd '{_folder.Path}'; cat first 2>/dev/null || {{ touch renewed; cat second; }}; rm -f first"];
        });

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
        await using ChildProcess client = await JoinInTimeAsync(
            left => Task.FromResult<string[]>(["--token", server.Token(left: left)]));

        Assert.Equal(1, await client.EndAsync());
        Assert.Equal(
            "UNAUTHENTICATED: The token has expired: give a fresh one, or --token-file or --token-command to get it from.",
            Assert.Single(client.Error.All));
    }

    /// <summary>
    /// A client that is heard before its token expires. Nobody knows how long this machine takes to get there: where it was too late, it
    /// gets twice the time.
    /// </summary>
    private async Task<ChildProcess> JoinInTimeAsync(Func<TimeSpan, Task<string[]>> options)
    {
        for (var left = TimeSpan.FromSeconds(3); ; left *= 2)
        {
            ChildProcess client = Join(await options(left));
            await client.Input.WriteLineAsync("before");
            Task<string> heard = client.Output.FirstAsync("Ada: before");
            bool isHeard = await Task.WhenAny(heard, client.Error.Ended) == heard && heard.IsCompletedSuccessfully;
            bool isLate = client.Error.All.Any(line => line.Contains("oken", StringComparison.Ordinal) && line.Contains("expired", StringComparison.Ordinal))
                || File.Exists(_folder.File("renewed"));
            if (isHeard && !isLate)
            {
                return client;
            }

            Assert.True(isLate, $"{client.Error}");
            await client.DisposeAsync();
            File.Delete(_folder.File("renewed"));
        }
    }

    private ChildProcess Join(params string[] options)
    {
        // From the room's beginning: so it can go on whenever the token expires.
        string[] arguments = ["chat", "--as", server.User, "--room", Guid.NewGuid().ToString("N"), "--after", "0", "--ca", server.CaFile, .. options];
        ChildProcess client = UserctlProcess.Start(server.Address, arguments);
        client.Input.AutoFlush = true;
        return client;
    }
}
