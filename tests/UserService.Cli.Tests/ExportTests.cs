using Grpc.Core;
using Users.Cli.Commands;
using Users.Cli.Files;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

public sealed class ExportTests
{
    internal const string Header = "id,name,email,create_time,update_time,etag\n";

    // The fields of a user that has nothing but an id.
    private const string None = ",,,,,\n";

    private static readonly string[] Names =
    [
        "Ada", "A, B", "say \"hi\"", "\"", "two\nlines", "two\r\nlines", "cr\rcr", " space ", "=1+1", "+1", "-1", "@x", "Zoë \U0001F600", "\u202E\u001b[2J", "",
    ];

    [Fact]
    public async Task Csv_has_a_header_and_a_line_per_user_with_the_values_as_they_are()
    {
        using var file = new TestFile("users.csv");
        await using ScriptedServer server = await StartAsync([
            new User { Id = "1", Name = "=\"x\",y", Email = "a@x", CreateTime = new() { Nanos = 1_000 }, UpdateTime = new() { Seconds = 1 }, Etag = "e" },
            new User { Id = "2" }]);

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "export", file.Path);

        Assert.Equal((0, $"2 users written to {file.Path}.\n", ""), (ending.ExitCode, ending.Output, ending.Error));
        Assert.Equal(Header + "1,\"=\"\"x\"\",y\",a@x,1970-01-01T00:00:00.000001Z,1970-01-01T00:00:01.000000Z,e\n2" + None, file.Text);
    }

    [Theory]
    [InlineData("users.csv")]
    [InlineData("users.ndjson")]
    [InlineData("users.jsonl")]
    [InlineData("users.txt", "--format", "ndjson")]
    [InlineData("users.txt", "--format", "csv")]
    [InlineData("users", "--json")]
    public async Task What_is_exported_is_what_an_import_reads(string name, params string[] options)
    {
        using var file = new TestFile(name);
        await using ScriptedServer server = await StartAsync([.. Names.Select((text, i) => new User { Id = $"{i}", Name = text, Email = $"{i}@x", Etag = "e" })]);

        Assert.Equal(0, (await Userctl.RunAsync(server.Address, ["export", file.Path, .. options])).ExitCode);

        using var text = DataFile.Text(File.OpenRead(file.Path));
        bool isCsv = file.Text.StartsWith(Header, StringComparison.Ordinal);
        Assert.Equal(!(options.Contains("ndjson") || options.Contains("--json") || name.EndsWith('n') || name.EndsWith('l')), isCsv);
        IAsyncEnumerable<UserLine> lines = isCsv
            ? CsvUsers.ReadAsync(text, TestContext.Current.CancellationToken)
            : NdjsonUsers.ReadAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal(
            Names.Select((name, i) => (name, $"{i}@x")),
            await lines.Select(line => (line.User!.Name, line.User.Email)).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Json_says_how_many_there_were_and_where()
    {
        using var file = new TestFile("users.csv");
        await using ScriptedServer server = await StartAsync([new User { Id = "1" }]);

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "export", file.Path, "--json");

        Assert.Equal((1, file.Path), (ending.Json.Single().GetProperty("users").GetInt32(), ending.Json[0].GetProperty("file").GetString()));
    }

    [Fact]
    public async Task A_break_keeps_what_came_and_after_goes_on_in_the_same_file()
    {
        using var file = new TestFile("users.csv");
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.Number == 1
            ? Answer.Messages([new User { Id = "1" }, new User { Id = "2" }], StatusCode.Internal, "gone")
            : Answer.Messages([new User { Id = "3" }]));

        Userctl.Ending broken = await Userctl.RunAsync(server.Address, "export", file.Path);
        Userctl.Ending rest = await Userctl.RunAsync(server.Address, "export", file.Path, "--after", "2");

        Assert.Equal(
            (1, "", "INTERNAL: gone\nThe list broke off after 2 users; --after 2 goes on from there.\n"),
            (broken.ExitCode, broken.Output, broken.Error));
        Assert.Equal((0, $"1 users written to {file.Path}.\n"), (rest.ExitCode, rest.Output));
        Assert.Equal("2", ListUsersRequest.Parser.ParseFrom(server.Calls[1].Message).AfterId);
        Assert.Equal(Header + "1" + None + "2" + None + "3" + None, file.Text);
    }

    [Fact]
    public async Task A_break_is_told_and_the_file_has_everybody_once()
    {
        using var file = new TestFile("users.csv");
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.Number == 1
            ? Answer.Messages([new User { Id = "1" }, new User { Id = "2" }], StatusCode.Unavailable, "gone")
            : Answer.Messages([new User { Id = "3" }]));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "export", file.Path, "--json");

        Assert.Equal((0, 3), (ending.ExitCode, ending.Json.Single().GetProperty("users").GetInt32()));
        Assert.StartsWith(
            "The server is not available; going on after 2 users in ", ending.JsonErrors.Single().GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(Header + "1" + None + "2" + None + "3" + None, file.Text);
    }

    [Fact]
    public async Task After_in_a_new_file_has_a_header_too()
    {
        using var file = new TestFile("users.csv");
        await using ScriptedServer server = await StartAsync([new User { Id = "3" }]);

        await Userctl.RunAsync(server.Address, "export", file.Path, "--after", "2");

        Assert.Equal(Header + "3" + None, file.Text);
    }

    [Fact]
    public async Task A_list_without_users_overwrites_the_file_with_a_header()
    {
        using var file = new TestFile("users.csv", "old");
        await using ScriptedServer server = await StartAsync([]);

        await Userctl.RunAsync(server.Address, "export", file.Path);

        Assert.Equal(Header, file.Text);
    }

    [Fact]
    public async Task A_server_that_fails_at_once_leaves_the_old_file_alone()
    {
        using var file = new TestFile("users.csv", "old");
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.PermissionDenied, "No."));

        Assert.Equal((1, "PERMISSION_DENIED: No.\n"), Parts(await Userctl.RunAsync(server.Address, "export", file.Path)));
        Assert.Equal("old", file.Text);
    }

    // What a disk that was full left behind: half a row, whose user comes again.
    [Theory]
    [InlineData("users.csv", Header + "1,Ada,,,,\n2,\"B\n", "1", Header + "1,Ada,,,,\n3" + None)]
    [InlineData("users.csv", Header + "1,\"A\n\"\"a\",,,,\n2", "1", Header + "1,\"A\n\"\"a\",,,,\n3" + None)]
    [InlineData("users.ndjson", "{ \"id\": \"1\" }\n{ \"id\": \"2\", \"na", "1", "{ \"id\": \"1\" }\n{ \"id\": \"3\" }\n")]
    public async Task Half_a_row_at_the_end_is_cut_off_and_the_list_goes_on_before_it(string name, string old, string last, string expected)
    {
        using var file = new TestFile(name, old);
        await using ScriptedServer server = await StartAsync([new User { Id = "3" }]);

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "export", file.Path, "--after", "2");

        Assert.Equal(
            (0, $"{file.Path} ended in the middle of a row, which is cut off; going on after {last}.\n", expected),
            (ending.ExitCode, ending.Error, file.Text));
        Assert.Equal(last, ListUsersRequest.Parser.ParseFrom(server.Calls[0].Message).AfterId);
    }

    [Theory]
    [InlineData("some text")]
    [InlineData(Header + "1,Ad")]
    public async Task A_file_without_a_whole_user_is_not_appended_to(string old)
    {
        using var file = new TestFile("users.csv", old);
        await using ScriptedServer server = await StartAsync([new User { Id = "3" }]);

        Assert.Equal(
            (5, $"{file.Path} ends in the middle of its first row, or is no such export: export to it anew, without --after.\n"),
            Parts(await Userctl.RunAsync(server.Address, "export", file.Path, "--after", "2")));
        Assert.Equal(old, file.Text);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told()
    {
        await using ScriptedServer server = await StartAsync([new User { Id = "1" }]);
        string folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

        Assert.Equal((5, $"{folder} cannot be written: it is a folder.\n"), Parts(await Userctl.RunAsync(server.Address, "export", folder)));
        Assert.Equal(
            (5, "no-such/users.csv cannot be written: there is no such file or folder.\n"),
            Parts(await Userctl.RunAsync(server.Address, "export", "no-such/users.csv")));
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a file that is always full.");
        await using ScriptedServer server = await StartAsync([new User { Id = "1" }]);

        (int exitCode, string error) = Parts(await Userctl.RunAsync(server.Address, "export", "/dev/full"));

        Assert.Equal(5, exitCode);
        Assert.StartsWith("/dev/full cannot be written: No space left on device", error, StringComparison.Ordinal);
        Assert.EndsWith("It holds no whole user.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_says_where_to_go_on()
    {
        using var file = new TestFile("users.csv");
        using var interrupted = new CancellationTokenSource();
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.MessagesThenNever([new User { Id = "1" }]));
        var recording = new RecordingScreen();
        Task<int> export = UserctlCommandLine.RunAsync(
            ["export", file.Path, "--address", server.Address.OriginalString], recording.Screen, _ => null, interrupted.Token);

        // The file is opened with the first user.
        while (!File.Exists(file.Path))
        {
            await Task.Yield();
        }

        await interrupted.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await export);
        Assert.Equal("Interrupted.\nThe list broke off after 1 users; --after 1 goes on from there.\n", recording.Error);
        Assert.Equal(Header + "1" + None, file.Text);
    }

    private static Task<ScriptedServer> StartAsync(User[] users) => ScriptedServer.StartAsync(_ => Answer.Messages(users));

    private static (int, string) Parts(Userctl.Ending ending) => (ending.ExitCode, ending.Error);
}
