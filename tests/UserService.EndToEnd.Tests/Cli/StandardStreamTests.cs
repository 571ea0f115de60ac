using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Secure;
using Users.EndToEnd.Tests.Support;

namespace Users.EndToEnd.Tests.Cli;

/// <summary>What surrounds the tool in a shell: pipes, files that fill up, closed descriptors, locales and proxies.</summary>
[Collection("A server in Production")]
public sealed class StandardStreamTests(SharedServer shared, SecureServer secure) : IDisposable
{
    // A user of the server, and a room in which nobody else speaks.
    private const string Chat = "chat --as ADA --room ROOM";
    // Nobody reads from descriptor 4, from the start on.
    private const string NoReader = "exec 4> >(true); wait $!; ";

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("userctl list >&4")]
    [LongFormData("userctl list --json >&4")]
    [InlineData("userctl export >&4")]
    [InlineData($"echo hello | userctl {Chat} >&4")]
    [InlineData("userctl --help >&4")]
    [InlineData("tour >&4")]
    public async Task A_reader_that_went_away_ends_the_command_quietly(string line)
    {
        Assert.Equal((141, "", ""), Parts(await RunAsync(NoReader + line)));
    }

    [Theory]
    [InlineData("userctl create Eve $RANDOM$RANDOM@example.com > /dev/full")]
    [LongFormData("userctl list --json > /dev/full")]
    [InlineData("userctl export > /dev/full")]
    [InlineData("userctl --help > /dev/full")]
    [InlineData("tour > /dev/full")]
    public async Task An_output_that_cannot_be_written_is_one_sentence(string line)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a file that is always full.");
        ShellResult result = await RunAsync(line);

        Assert.Equal((5, ""), (result.ExitCode, result.Output));
        Assert.Contains("Standard output cannot be written: No space left on device", Assert.Single(result.Error.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData("userctl import - --format csv <&-", "Standard input is closed: name a file, or give it something to read.")]
    [InlineData($"userctl {Chat} <&-", "Standard input is closed: name a file, or give it something to read.")]
    [InlineData("userctl list >&-", "Standard output is closed: give it a place, if only /dev/null.")]
    public async Task A_closed_descriptor_is_one_sentence(string line, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows it.");
        Assert.Equal((5, "", sentence + "\n"), Parts(await RunAsync(line)));
    }

    [Fact]
    public async Task What_a_program_reads_is_UTF_8_in_every_locale_and_so_is_what_it_says()
    {
        ShellResult created = await RunAsync("WITH=LC_ALL=de_DE.ISO-8859-1 userctl create --json Zoë $RANDOM$RANDOM@example.com");
        ShellResult said = await RunAsync($"printf '\\xef\\xbb\\xbfna\\xc3\\xafve\\n\\xff\\nlast\\n' | WITH=LC_ALL=de_DE.ISO-8859-1 userctl {Chat}");

        Assert.Contains("\"name\": \"Zoë\"", created.Output);
        Assert.Equal(
            (1, "#1 Ada: naïve\n#2 Ada: last\n", "Line 2 was not said: it is not UTF-8.\n"), Parts(said));
    }

    [Fact]
    public async Task An_export_that_a_full_disk_broke_off_goes_on_after_the_last_whole_user()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.Database);
        // The limit cuts a row in two. By default the runtime makes a large file of its own, which the limit would forbid.
        ShellResult broken = await RunAsync(
            "(echo name,email; for i in $(seq 500); do echo \"\\\"User, $i\\\",u$i@example.com\"; done) | userctl import - --format csv > /dev/null\n"
            + "(trap '' XFSZ; ulimit -f 20; DOTNET_EnableWriteXorExecute=0 userctl export users.csv)", server.Address);
        Assert.Equal((5, ""), (broken.ExitCode, broken.Output));
        string id = broken.Error.Split("--after ")[1].Split(' ')[0];
        Assert.Contains($"It is whole up to the user {id}; --after {id} goes on from there.", broken.Error);

        ShellResult rest = await RunAsync($"userctl export users.csv --after {id}; userctl export all.csv; cmp users.csv all.csv", server.Address);

        Assert.Equal(0, rest.ExitCode);
    }

    [Theory]
    [LongFormData("http_proxy")]
    [InlineData("all_proxy")]
    [LongFormData("ALL_PROXY")]
    public async Task Cleartext_and_what_stays_on_this_host_goes_by_no_proxy(string variable)
    {
        Assert.Equal(0, (await RunAsync($"{variable}=http://127.0.0.1:1 userctl list --limit 1")).ExitCode);
        Assert.Equal(0, (await RunAsync($"{variable}=http://127.0.0.1:1 tour")).ExitCode);
    }

    [Theory]
    [InlineData("https_proxy")]
    [LongFormData("HTTPS_PROXY")]
    public async Task Tls_goes_by_a_proxy_to_another_host_alone_and_a_failure_names_the_proxy(string variable)
    {
        await File.WriteAllTextAsync(_folder.File("token"), secure.Token(), Token);

        ShellResult here = await RunAsync($"{variable}=http://127.0.0.1:1 userctl list --ca '{secure.CaFile}' --token-file token", secure.Address);
        ShellResult there = await RunAsync($"{variable}=http://me:secret@127.0.0.1:1 userctl list", "https://users.invalid:50051");

        Assert.Equal((0, ""), (here.ExitCode, here.Error));
        Assert.Equal(
            (3, "", "The server at https://users.invalid:50051 is not available by the proxy http://127.0.0.1:1, which the environment names; no_proxy=users.invalid goes without it.\n"),
            Parts(there));
    }

    private static (int ExitCode, string Output, string Error) Parts(ShellResult result) => (result.ExitCode, result.Output, result.Error);

    private async Task<ShellResult> RunAsync(string lines, string? address = null)
    {
        // Whatever ran before, a list then has something to print.
        string ada = (await shared.Server.Client.AddUserAsync("Ada")).Id;
        string programs = $$"""
            userctl() { env $WITH '{{ChildProcess.DotnetHost}}' '{{UserctlProcess.Dll}}' "$@"; }
            tour() { '{{ChildProcess.DotnetHost}}' '{{ChildProcess.Program("UserService.Client")}}' --address "$USERS_ADDRESS"; }
            """;
        lines = lines.Replace("ADA", ada, StringComparison.Ordinal).Replace("ROOM", $"{Guid.NewGuid()}", StringComparison.Ordinal);
        return await Shell.RunAsync($"bash <<'END'\n{programs}\n{lines}\nEND", _folder.Path, $"USERS_ADDRESS={address ?? shared.Server.Address}");
    }
}
