using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.Cli.Tests.Support;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>Where the token of a call comes from, and where it may go.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Secret = "secret.secret.secret";
    private readonly TestFile _file = new("token");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("--token", Secret)]
    [InlineData("--token-file", "{0}")]
    [InlineData("--token-command", "cat '{0}'; echo more")]
    [InlineData]
    public async Task Each_source_gives_the_token(params string[] options)
    {
        await WriteAsync($"{Secret}\nmore\n");
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Id = "x" }));

        Userctl.Ending ending = await Userctl.RunAsync(
            name => name == "USERS_TOKEN" ? options is [] ? Secret : "other" : null, server.Address, ["get", "x", .. Complete(options)]);

        Assert.Equal((0, ""), (ending.ExitCode, ending.Error));
        Assert.Equal($"Bearer {Secret}", Assert.Single(server.Calls).Headers["authorization"]);
        Assert.DoesNotContain(Secret, ending.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_read_anew_for_each_call()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));
        using GrpcChannel channel = UsersChannel.Open(server.Address, token: TokenSource.OfFile(_file.Path).ToCredentials());
        foreach (string token in (string[])["one", "two"])
        {
            await WriteAsync(token);
            await EveryCall.MakeAsync(channel.CreateClient(TimeSpan.FromSeconds(30)), "GetUser", Token);
        }

        Assert.Equal(["Bearer one", "Bearer two"], server.Calls.Select(call => call.Headers["authorization"]));
    }

    [Fact]
    public async Task A_command_runs_again_only_when_its_token_has_expired()
    {
        TokenSource source = TokenSource.OfCommand($"echo run >> '{_file.Path}'; grep -c run '{_file.Path}'", Token);

        Assert.Equal(["1", "1", "1"], await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => source.GetAsync(Token))));
        source.Expire();

        Assert.Equal(["2", "2"], [await source.GetAsync(Token), await source.GetAsync(Token)]);
    }

    [Fact]
    public async Task An_interruption_ends_the_command_and_what_it_started()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked for as Linux shows them.");
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<string> token = TokenSource.OfCommand($"sleep 1000 & echo $! > '{_file.Path}'; wait", interrupted.Token).GetAsync(Token);
        int child;
        while (!File.Exists(_file.Path) || !int.TryParse(await File.ReadAllTextAsync(_file.Path, Token), out child))
        {
            await Task.Yield();
        }

        await interrupted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => token);
        // A process that has ended, but was not asked how yet, has no command line.
        while (File.Exists($"/proc/{child}/cmdline") && (await File.ReadAllTextAsync($"/proc/{child}/cmdline", Token)).Length > 0)
        {
            await Task.Yield();
        }
    }

    [Theory]
    [InlineData("--token", "x", "--token-file", "x")]
    [InlineData("--token-file", "x", "--token-command", "x", "--token", "x")]
    public async Task Two_sources_are_refused_in_one_sentence(params string[] options)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, ["get", "x", .. options]);

        Assert.Equal(
            (ExitCodes.Usage, "One of --token, --token-file and --token-command is enough.\n--help lists the commands and options.\n"),
            (ending.ExitCode, ending.Error));
    }

    [Theory]
    [InlineData(ExitCodes.Failed, "--token holds no token: one line of visible ASCII characters without spaces.", "--token", "secret secret")]
    [InlineData(ExitCodes.Failed, "The file {0} holds no token: one line of visible ASCII characters without spaces.", "--token-file", "{0}")]
    [InlineData(ExitCodes.BadFile, "{0}.missing cannot be read: there is no such file or folder.", "--token-file", "{0}.missing")]
    [InlineData(ExitCodes.Failed, "The token command ended with exit code 7; run it by itself to see why.", "--token-command", "echo secret | tee /dev/stderr; exit 7")]
    [InlineData(ExitCodes.Failed, "The token command holds no token: one line of visible ASCII characters without spaces.", "--token-command", "true")]
    [InlineData(ExitCodes.Failed, "The token command holds no token: one line of visible ASCII characters without spaces.", "--token-command", "echo sécret")]
    public async Task What_gives_no_token_is_told_without_it_and_nobody_is_called(int exitCode, string sentence, params string[] options)
    {
        await WriteAsync("");
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User()));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, ["get", "x", .. Complete(options)]);

        Assert.Equal((exitCode, "", Complete(sentence) + "\n"), (ending.ExitCode, ending.Output, ending.Error));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_file_that_is_gone_in_mid_command_is_told_in_the_same_way()
    {
        await WriteAsync(Secret);
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
        {
            File.Delete(_file.Path);
            return Answer.Messages([new User { Id = "a" }], call.Number == 1 ? StatusCode.Unavailable : StatusCode.OK);
        });
        using var session = new TestSession(server.Address, TokenSource.OfFile(_file.Path));

        CommandException failure = await Assert.ThrowsAsync<CommandException>(
            () => UserList.ReadAsync(session.Session, new(), _ => ValueTask.CompletedTask, Token));

        Assert.Equal((ExitCodes.BadFile, $"{_file.Path} cannot be read: there is no such file or folder."), (failure.ExitCode, failure.Message));
        Assert.Equal("The list broke off after 1 users; --after a goes on from there.", failure.Advice);
    }

    [Fact]
    public async Task In_cleartext_it_goes_to_no_other_host()
    {
        await using ScriptedServer server = await StartElsewhereAsync();
        Uri address = AsOtherHost(server);

        Userctl.Ending ending = await Userctl.RunAsync(address, "get", "x", "--token", Secret);

        Assert.Equal(
            (ExitCodes.Usage, "", $"The token would go to {address.OriginalString} in cleartext: write https://, or allow it with --token-in-cleartext.\n"),
            (ending.ExitCode, ending.Output, ending.Error));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task In_cleartext_it_goes_to_another_host_where_that_is_allowed()
    {
        await using ScriptedServer server = await StartElsewhereAsync();

        await Userctl.RunAsync(AsOtherHost(server), "get", "x", "--token", Secret, "--token-in-cleartext");

        Assert.Equal($"Bearer {Secret}", Assert.Single(server.Calls).Headers["authorization"]);
    }

    [Theory]
    [InlineData("One of --token, --token-file and --token-command is enough.", "--token", "a", "--token-file", "b")]
    [InlineData("One of --token, --token-file and --token-command is enough.", "--token-file", "a", "--token-command", "b")]
    [InlineData("--cert goes with --key.", "--cert", "a")]
    [InlineData("--key goes with --cert.", "--key", "a")]
    public async Task Options_that_do_not_go_together_are_refused(string sentence, params string[] options)
    {
        Userctl.Ending ending = await Userctl.RunAsync(new Uri("http://localhost:1"), ["get", "x", .. options]);

        Assert.Equal(ExitCodes.Usage, ending.ExitCode);
        Assert.StartsWith(sentence + "\n", ending.Error, StringComparison.Ordinal);
    }

    // Written so, an address of loopback does not look like one.
    private static Uri AsOtherHost(ScriptedServer server) => new($"http://[::ffff:127.0.0.2]:{server.Address.Port}");

    private static Task<ScriptedServer> StartElsewhereAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere loopback has one address.");
        return ScriptedServer.StartAsync(_ => Answer.Ok(new User()), host: IPAddress.Parse("127.0.0.2"));
    }

    private string[] Complete(string[] words) => [.. words.Select(Complete)];

    private string Complete(string text) => text.Replace("{0}", _file.Path, StringComparison.Ordinal);

    private Task WriteAsync(string text) => File.WriteAllTextAsync(_file.Path, text, Token);
}
