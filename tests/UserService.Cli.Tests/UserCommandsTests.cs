using Grpc.Core;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

/// <summary>get, create, update, delete and list: what they send, what they show, and what they advise.</summary>
public sealed class UserCommandsTests
{
    private const string Hostile = "\u001b[2J\u202E\u2066\U000E0041";

    private static readonly User Ada = new()
    {
        Id = "id-1",
        Name = "Ada",
        Email = "ada@example.com",
        CreateTime = new() { Seconds = 1_800_000_000, Nanos = 120_000_000 },
        UpdateTime = new() { Seconds = 1_800_000_001 },
        Etag = "e1",
    };

    [Fact]
    public async Task Get_shows_the_user()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(Ada));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "get", "id-1");

        Assert.Equal((0, string.Empty), (ending.ExitCode, ending.Error));
        Assert.Equal(
            """
            id       id-1
            name     Ada
            email    ada@example.com
            created  2027-01-15 08:00:00.120000Z
            updated  2027-01-15 08:00:01.000000Z
            etag     e1

            """, ending.Output);
        Assert.Equal("id-1", GetUserRequest.Parser.ParseFrom(server.Calls.Single().Message).Id);
    }

    [Fact]
    public async Task Json_is_the_message_in_the_form_of_proto3()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(Ada));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "get", "id-1", "--json");

        Assert.Equal(Ada, User.Parser.ParseJson(ending.Output));
        Assert.Equal("2027-01-15T08:00:00.120Z", ending.Json.Single().GetProperty("createTime").GetString());
    }

    [Theory]
    [InlineData("get", "x")]
    [InlineData("list")]
    public async Task A_hostile_name_reaches_no_terminal_and_a_program_unchanged(params string[] command)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { Name = Hostile }));

        Userctl.Ending human = await Userctl.RunAsync(server.Address, command);
        Userctl.Ending json = await Userctl.RunAsync(server.Address, [.. command, "--json"]);

        Assert.Contains(@"\u001B[2J\u202E\u2066\U000E0041", human.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(json.Output.EnumerateRunes(), rune => rune.Value > 0x7E || (rune.Value < 0x20 && rune.Value != '\n'));
        Assert.Equal(Hostile, json.Json.Single().GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_time_that_is_none_is_no_crash()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new User { CreateTime = new() { Seconds = long.MaxValue } }));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "get", "x");

        Assert.Contains("created  ?\n", ending.Output, StringComparison.Ordinal);
        Assert.Equal(0, ending.ExitCode);
    }

    [Theory]
    [InlineData("@home", "a@x")]
    [InlineData("[suggest]", "a@x")]
    [InlineData("--", "--name", "a@x")]
    public async Task Create_sends_the_words_as_they_are_and_a_request_id_of_its_own(params string[] words)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(Ada));
        var recording = new RecordingScreen();

        int exitCode = await Commands.UserctlCommandLine.RunAsync(
            ["--address", server.Address.OriginalString, "create", .. words], recording.Screen, _ => null, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        CreateUserRequest request = CreateUserRequest.Parser.ParseFrom(server.Calls.Single().Message);
        Assert.Equal((words[^2], words[^1]), (request.Name, request.Email));
        Assert.True(Guid.TryParse(request.RequestId, out Guid id) && id != Guid.Empty);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, 3)]
    [InlineData(StatusCode.DeadlineExceeded, 4)]
    public async Task A_create_with_an_unknown_outcome_says_how_to_repeat_it(StatusCode code, int exitCode)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(code));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "create", "Ada", "a@x");

        string id = CreateUserRequest.Parser.ParseFrom(server.Calls[0].Message).RequestId;
        Assert.Equal(exitCode, ending.ExitCode);
        Assert.Contains($"with --request-id {id} creates nobody twice.\n", ending.Error, StringComparison.Ordinal);
        await Userctl.RunAsync(server.Address, "create", "Ada", "a@x", "--request-id", id);
        Assert.All(server.Calls, call => Assert.Equal(server.Calls[0].Message, call.Message));
    }

    [Fact]
    public async Task A_create_that_is_refused_gives_no_advice_about_repeating()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.AlreadyExists, "Taken."));

        Assert.Equal("ALREADY_EXISTS: Taken.\n", (await Userctl.RunAsync(server.Address, "create", "Ada", "a@x")).Error);
    }

    [Theory]
    [InlineData("Grace", null, "name")]
    [InlineData(null, "g@x", "email")]
    [InlineData("Grace", "g@x", "name,email")]
    [InlineData("", null, "name")]
    public async Task Update_reads_the_etag_and_names_what_changes(string? name, string? email, string mask)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(Ada));
        string[] options = [.. name is null ? [] : new[] { "--name", name }, .. email is null ? [] : new[] { "--email", email }];

        Assert.Equal(0, (await Userctl.RunAsync(server.Address, ["update", "id-1", .. options])).ExitCode);

        Assert.Equal(["GetUser", "UpdateUser"], server.Calls.Select(call => call.Method));
        UpdateUserRequest request = UpdateUserRequest.Parser.ParseFrom(server.Calls[1].Message);
        Assert.Equal(("id-1", name ?? "", email ?? "", "e1", mask), (request.Id, request.Name, request.Email, request.Etag, string.Join(',', request.UpdateMask.Paths)));
    }

    [Theory]
    [InlineData("update", "id-1", "--name", "G", "--etag", "e0")]
    [InlineData("delete", "id-1", "--etag", "e0")]
    public async Task An_etag_that_is_given_is_used_and_nothing_read(params string[] command)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ =>
            Answer.Failure(StatusCode.Aborted, "Changed.", "ETAG_MISMATCH"));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, command);

        Assert.Equal(1, ending.ExitCode);
        Assert.Equal(
            "ABORTED: Changed.\nThe user has changed since its etag was read; 'get id-1' shows it as it is now, then try again.\n", ending.Error);
        Assert.Contains("e0", System.Text.Encoding.UTF8.GetString(server.Calls.Single().Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_of_nothing_is_refused_before_any_call()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(Ada));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "update", "id-1");

        Assert.Equal((2, "update takes at least one of --name, --email.\n--help lists the commands and options.\n"), (ending.ExitCode, ending.Error));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task Delete_reads_the_etag_and_says_that_it_is_done()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(Ada));

        Userctl.Ending human = await Userctl.RunAsync(server.Address, "delete", "id-1");
        Userctl.Ending json = await Userctl.RunAsync(server.Address, "delete", "id-1", "--json");

        Assert.Equal((0, "Deleted id-1.\n"), (human.ExitCode, human.Output));
        Assert.Equal("id-1", json.Json.Single().GetProperty("deleted").GetString());
        DeleteUserRequest request = DeleteUserRequest.Parser.ParseFrom(server.Calls[1].Message);
        Assert.Equal(("DeleteUser", "id-1", "e1"), (server.Calls[1].Method, request.Id, request.Etag));
    }

    [Fact]
    public async Task A_user_that_is_gone_between_reading_and_deleting_may_have_been_our_own_doing()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call =>
            call.Method == "GetUser" ? Answer.Ok(Ada) : Answer.Failure(StatusCode.NotFound, "Gone."));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "delete", "id-1");

        Assert.Equal("NOT_FOUND: Gone.\nWhether an earlier try had landed is not known; 'get id-1' shows the user as it is now.\n", ending.Error);
    }

    [Fact]
    public async Task List_shows_a_line_per_user_and_asks_for_no_more_than_wanted()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ =>
            Answer.Messages([Ada, new User { Id = "id-2", Name = "Bob", Email = "b@x" }]));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "list", "--limit", "2", "--after", "id-0");

        Assert.Equal((0, "id-1  Ada <ada@example.com>\nid-2  Bob <b@x>\n"), (ending.ExitCode, ending.Output));
        Assert.Equal(new ListUsersRequest { PageSize = 2, AfterId = "id-0" }, ListUsersRequest.Parser.ParseFrom(server.Calls.Single().Message));
        Assert.Equal(2, (await Userctl.RunAsync(server.Address, "list", "--json")).Json.Count);
    }

    [Fact]
    public async Task A_list_that_breaks_off_says_where_to_go_on()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ =>
            Answer.Messages([Ada, new User { Id = "id-2" }], StatusCode.Internal, "oops"));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "list");

        Assert.Equal((1, "INTERNAL: oops\nThe list broke off after 2 users; --after id-2 goes on from there.\n"), (ending.ExitCode, ending.Error));
    }

    [Fact]
    public async Task A_failure_in_json_is_one_object_with_all_that_a_program_needs()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(
            StatusCode.Aborted, $"{Hostile}\nsecond", "ETAG_MISMATCH", new Google.Rpc.RequestInfo { RequestId = "trace" }));

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "update", "id-1", "--name", "x", "--etag", "e", "--json");

        Assert.Empty(ending.Output);
        System.Text.Json.JsonElement error = ending.JsonErrors.Single();
        Assert.Equal(
            ($"ABORTED: {Hostile}\nsecond", 1, "ABORTED", "ETAG_MISMATCH", "RequestInfo: trace"),
            (error.GetProperty("error").GetString(), error.GetProperty("exitCode").GetInt32(), error.GetProperty("code").GetString(),
                error.GetProperty("reason").GetString(), error.GetProperty("details")[0].GetString()));
        Assert.StartsWith("The user has changed", error.GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ending.Error);
    }

    [Theory]
    [InlineData("--json", "bogus")]
    [InlineData("update", "x", "--json")]
    [InlineData("get", "--json")]
    public async Task A_mistake_in_the_command_line_is_json_too(params string[] args)
    {
        Userctl.Ending ending = await Userctl.RunAsync(new Uri("http://127.0.0.1:1"), args);

        Assert.Equal((2, 2), (ending.ExitCode, ending.JsonErrors.Single().GetProperty("exitCode").GetInt32()));
    }
}
