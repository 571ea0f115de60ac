using System.Text;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Users.Cli.Commands;
using Users.Cli.Connection;
using Users.Cli.Files;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests;

public sealed class ImportTests
{
    [Fact]
    public async Task Ten_thousand_users_go_by_one_call_each_with_a_request_id_of_its_line()
    {
        using var file = new TestFile("many.csv", Csv(20_001));
        await using ScriptedServer server = await StartAsync(Created);

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "import", file.Path);

        Assert.Equal((0, "20001 created, 0 already there, 0 refused, 0 bad lines.\n", ""), (ending.ExitCode, ending.Output, ending.Error));
        Assert.Equal([10_000, 10_000, 1], server.Calls.Select(call => call.Users.Count));
        CreateUserRequest[] sent = [.. server.Calls.SelectMany(call => call.Users)];
        Assert.Equal(Enumerable.Range(2, 20_001).Select(line => $"u{line}@x"), sent.Select(user => user.Email));
        Assert.Equal(sent.Length, sent.DistinctBy(user => user.RequestId).Count());
        Assert.Equal(RequestIds.Of(20_002, new CreateUserRequest { Name = "N20002", Email = "u20002@x" }), sent[^1].RequestId);
    }

    [Fact]
    public async Task The_same_file_again_sends_the_same_and_says_how_many_were_there()
    {
        using var file = new TestFile("some.ndjson", "{\"name\":\"A\",\"email\":\"a@x\"}\n{\"name\":\"B\",\"email\":\"b@x\",\"requestId\":\"R\"}\n");
        await using ScriptedServer server = await StartAsync(call => call.Number == 1 ? Created(call) : new() { ExistingCount = call.Users.Count });

        await Userctl.RunAsync(server.Address, "import", file.Path);
        Userctl.Ending again = await Userctl.RunAsync(server.Address, "import", file.Path);

        Assert.Equal((0, "0 created, 2 already there, 0 refused, 0 bad lines.\n"), (again.ExitCode, again.Output));
        Assert.Equal(server.Calls[0].Users, server.Calls[1].Users);
        Assert.Equal("R", server.Calls[0].Users[1].RequestId);
    }

    [Fact]
    public async Task A_refused_user_and_a_bad_line_are_named_by_their_lines()
    {
        const string Text = "email,name\na@x,A\n\"b@x\",\"B\nB\"\nragged\n\nc@x,C\n\"x\"y,z\nd@x,D\n";
        using var file = new TestFile("some.csv", Text);
        await using ScriptedServer server = await StartAsync(_ => new()
        {
            UserCount = 2,
            FailedCount = 2,
            Failures = { { 3, Failed(StatusCode.AlreadyExists, "D \u001b[1m") }, { 1, Failed(StatusCode.InvalidArgument, "B") } },
        });

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "import", file.Path);

        Assert.Equal((1, "2 created, 0 already there, 2 refused, 2 bad lines.\n"), (ending.ExitCode, ending.Output));
        Assert.Equal(
            """
            line 5 has not as many fields as the header: 1, not 2.
            line 8 has text behind a closing quote; inside quotes, write a quote twice.
            line 3: INVALID_ARGUMENT: B
            line 9: ALREADY_EXISTS: D \u001B[1m

            """, ending.Error);
        Assert.Equal(["a@x", "b@x", "c@x", "d@x"], server.Calls.Single().Users.Select(user => user.Email));
    }

    [Fact]
    public async Task Failures_of_the_second_call_have_their_own_lines_and_those_that_it_does_not_name_are_counted()
    {
        using var file = new TestFile("many.csv", Csv(10_030));
        await using ScriptedServer server = await StartAsync(call => call.Number == 1 ? Created(call) : new()
        {
            FailedCount = 30,
            Failures = { Enumerable.Range(0, 20).ToDictionary(position => position, _ => Failed(StatusCode.AlreadyExists, "Taken.")) },
        });

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "import", file.Path);
        string[] lines = ending.Error.Split('\n');

        Assert.Equal((1, "10000 created, 0 already there, 30 refused, 0 bad lines.\n"), (ending.ExitCode, ending.Output));
        Assert.Equal("line 10002: ALREADY_EXISTS: Taken.", lines[0]);
        Assert.Equal("line 10021: ALREADY_EXISTS: Taken.", lines[19]);
        Assert.Equal(["lines 10002 to 10031: 10 more users were refused; the server names only the first of a call.", ""], lines[20..]);
    }

    [Fact]
    public async Task Json_tells_each_problem_and_the_result_as_an_object()
    {
        using var file = new TestFile("some.csv", "name,email\nA\nB,b@x\n");
        await using ScriptedServer server = await StartAsync(_ => new()
        {
            FailedCount = 1,
            Failures = { { 0, Refusal() } },
        });

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "import", file.Path, "--json");

        Assert.Equal("""{"created":0,"existing":0,"refused":1,"malformed":1}""", ending.Json.Single().GetRawText());
        Assert.Equal(
            ["""{"line":2,"error":"has not as many fields as the header: 1, not 2."}""", """{"line":3,"error":"name is empty (and 1 more)","code":"INVALID_ARGUMENT","reason":"INVALID_FIELDS","details":["BadRequest: name: is empty","BadRequest: email: is none"]}"""],
            ending.JsonErrors.Select(json => json.GetRawText()));

        ending = await Userctl.RunAsync(server.Address, "import", file.Path);
        Assert.EndsWith("line 3: INVALID_ARGUMENT: name is empty (and 1 more); BadRequest: name: is empty; BadRequest: email: is none\n", ending.Error, StringComparison.Ordinal);

        static Google.Rpc.Status Refusal() => new()
        {
            Code = (int)StatusCode.InvalidArgument,
            Message = "name is empty (and 1 more)",
            Details =
            {
                Any.Pack(new ErrorInfo { Reason = "INVALID_FIELDS" }),
                Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "name", Description = "is empty" }, new BadRequest.Types.FieldViolation { Field = "email", Description = "is none" } } }),
            },
        };
    }

    [Fact]
    public async Task A_file_without_users_makes_no_call()
    {
        using var file = new TestFile("none.csv", "name,email\n");
        await using ScriptedServer server = await StartAsync(Created);

        Assert.Equal((0, "0 created, 0 already there, 0 refused, 0 bad lines.\n", ""), Parts(await Userctl.RunAsync(server.Address, "import", file.Path)));
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_call_that_breaks_is_made_again_with_the_same_users()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number is 2 or 3 ? Answer.Failure(StatusCode.Unavailable) : Answer.Ok(Created(call)), readsWhole: true);

        (UserImport import, TestSession session) = await ImportAsync(server, 10_002);

        Assert.Equal((10_002, 0), (import.Created, import.Refused));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], session.Time.Waits);
        Assert.Equal(
            """
            The server is not available; sending 2 users from line 10001 on again in 1.0 s...
            The server is not available; sending 2 users from line 10001 on again in 2.0 s...

            """, session.Recording.Error);
        Assert.Equal(4, server.Calls.Count);
        Assert.Equal(server.Calls[1].Users, server.Calls[3].Users);
    }

    [Fact]
    public async Task The_wait_that_the_server_asks_for_is_kept()
    {
        var wait = new Google.Rpc.RetryInfo { RetryDelay = new() { Seconds = 7 } };
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number is 2 ? Answer.Failure(StatusCode.Unavailable, "later", "STORE_BUSY", wait) : Answer.Ok(Created(call)), readsWhole: true);

        (_, TestSession session) = await ImportAsync(server, 10_001);

        Assert.Equal([TimeSpan.FromSeconds(7)], session.Time.Waits);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_a_break_like_any_other()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number is 2 or 3 ? Answer.MessagesThenBreak(Task.CompletedTask) : Answer.Ok(Created(call)), readsWhole: true);

        (UserImport import, TestSession session) = await ImportAsync(server, 10_001);

        Assert.Equal(10_001, import.Created);
        Assert.StartsWith(
            "The connection broke; sending 1 users from line 10001 on again in 1.0 s...\n", session.Recording.Error, StringComparison.Ordinal);
        Assert.Equal(2, session.Time.Waits.Count);
    }

    [Fact]
    public async Task A_server_that_was_there_is_waited_for_from_its_first_answer_on()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number switch
            {
                1 => Answer.Failure(StatusCode.Unavailable, "shutting down"),
                2 => Answer.MessagesThenBreak(Task.CompletedTask),
                _ => Answer.Ok(Created(call)),
            },
            readsWhole: true);

        (UserImport import, _) = await ImportAsync(server, 1);

        Assert.Equal((1, 3), (import.Created, server.Calls.Count));
    }

    [Fact]
    public async Task A_server_that_was_lost_in_the_first_call_was_there()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number is 1 ? Answer.MessagesThenBreak(Task.CompletedTask) : Answer.Ok(Created(call)), readsWhole: true);

        (UserImport import, _) = await ImportAsync(server, 1);

        Assert.Equal((1, 2), (import.Created, server.Calls.Count));
    }

    [Fact]
    public async Task A_server_of_another_kind_is_not_waited_for()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Never, HttpProtocols.Http1);

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ImportAsync(server, 1));

        Assert.Contains(" speaks HTTP/1.1, ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_token_expires_is_made_again_with_a_fresh_one()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number is 2 ? Expired() : Answer.Ok(Created(call)), readsWhole: true);
        using var file = new TestFile("token", "");

        (UserImport import, _) = await ImportAsync(
            server, 10_001, TokenSource.OfCommand($"echo run >> '{file.Path}'; grep -c run '{file.Path}'", TestContext.Current.CancellationToken));

        Assert.Equal(10_001, import.Created);
        Assert.Equal(["Bearer 1", "Bearer 1", "Bearer 2"], server.Calls.Select(call => call.Headers["authorization"]));
    }

    [Fact]
    public async Task A_token_that_has_expired_at_the_start_is_not_waited_for()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Expired(), readsWhole: true);

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ImportAsync(server, 1, TokenSource.OfCommand("echo old", TestContext.Current.CancellationToken)));

        Assert.Equal("TOKEN_EXPIRED", failure.Reason);
        Assert.Single(server.Calls);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, 16, 3)]
    [InlineData(StatusCode.ResourceExhausted, 1, 1)]
    public async Task A_call_that_keeps_failing_ends_the_import_with_what_to_do(StatusCode code, int attempts, int exitCode)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call => call.Number == 1 ? Answer.Ok(Created(call)) : Answer.Failure(code, "text"), readsWhole: true);

        CommandException failure = await Assert.ThrowsAsync<CommandException>(() => ImportAsync(server, 10_001));

        Assert.Equal(exitCode, failure.ExitCode);
        Assert.Equal("Of the 10000 users before line 10001 each is dealt with; the same import again creates nobody twice.", failure.Advice);
        Assert.Equal(attempts + 1, server.Calls.Count);
    }

    [Fact]
    public async Task A_server_that_never_was_there_is_not_waited_for()
    {
        using var nobody = new FreePort();
        using var file = new TestFile("some.csv", Csv(1));

        Userctl.Ending ending = await Userctl.RunAsync(nobody.Address, "import", file.Path);

        Assert.Equal(ExitCodes.NoServer, ending.ExitCode);
        Assert.StartsWith($"The server at {nobody.Address.OriginalString} is not available: nobody listens there;", ending.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_loses_count_is_not_believed()
    {
        using var file = new TestFile("some.csv", Csv(3));
        await using ScriptedServer server = await StartAsync(_ => new() { UserCount = 2, Failures = { { -1, Failed(StatusCode.Internal, "") }, { 99, Failed(StatusCode.Internal, "") } } });

        Userctl.Ending ending = await Userctl.RunAsync(server.Address, "import", file.Path);

        Assert.Equal((1, "", "The server answered for other users than the 3 sent from line 2 on.\n"), Parts(ending));
    }

    [Theory]
    [InlineData("users.txt", 2, "Say --format csv or --format ndjson: 'users.txt' does not tell.\n")]
    [InlineData("-", 2, "Say --format csv or --format ndjson: '-' does not tell.\n")]
    [InlineData("no-such.csv", 5, "no-such.csv cannot be read: there is no such file or folder.\n")]
    [InlineData("no-such/no-such.csv", 5, "no-such/no-such.csv cannot be read: there is no such file or folder.\n")]
    public async Task A_file_that_cannot_be_read_is_told(string path, int exitCode, string sentence)
    {
        Userctl.Ending ending = await Userctl.RunAsync(new Uri("http://127.0.0.1:1"), "import", path);

        Assert.Equal(exitCode, ending.ExitCode);
        Assert.StartsWith(sentence, ending.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        string folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

        Assert.Equal(
            (5, "", $"{folder} cannot be read: it is a folder.\n"),
            Parts(await Userctl.RunAsync(new Uri("http://127.0.0.1:1"), "import", folder, "--format", "csv")));
    }

    [Fact]
    public async Task An_interruption_says_what_is_dealt_with()
    {
        using var file = new TestFile("many.csv", Csv(10_001));
        using var interrupted = new CancellationTokenSource();
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            call =>
            {
                if (call.Number == 1)
                {
                    return Answer.Ok(Created(call));
                }

                interrupted.Cancel();
                return Answer.Never;
            },
            readsWhole: true);
        var recording = new RecordingScreen();

        int exitCode = await UserctlCommandLine.RunAsync(
            ["import", file.Path, "--address", server.Address.OriginalString], recording.Screen, _ => null, interrupted.Token);

        Assert.Equal(ExitCodes.Interrupted, exitCode);
        Assert.Equal(
            "Interrupted.\nOf the 10000 users before line 10002 each is dealt with; the same import again creates nobody twice.\n", recording.Error);
    }

    private static async Task<(UserImport Import, TestSession Session)> ImportAsync(
        ScriptedServer server, int users, TokenSource? token = null)
    {
        using var session = new TestSession(server.Address, token);
        var import = new UserImport(session.Session);
        IAsyncEnumerable<UserLine> lines = AsyncEnumerable.Range(1, users)
            .Select(line => UserLine.Good(line, new CreateUserRequest { Name = $"N{line}", Email = $"u{line}@x" }));
        await import.RunAsync(lines, _ => { }, TestContext.Current.CancellationToken);
        return (import, session);
    }

    private static Task<ScriptedServer> StartAsync(Func<ReceivedCall, CreateUsersResponse> answer) =>
        ScriptedServer.StartAsync(call => Answer.Ok(answer(call)), readsWhole: true);

    private static Answer Expired() => Answer.Failure(StatusCode.Unauthenticated, "", "TOKEN_EXPIRED");

    private static CreateUsersResponse Created(ReceivedCall call) => new() { UserCount = call.Users.Count };

    private static Google.Rpc.Status Failed(StatusCode code, string message) => new() { Code = (int)code, Message = message };

    private static (int, string, string) Parts(Userctl.Ending ending) => (ending.ExitCode, ending.Output, ending.Error);

    private static string Csv(int users)
    {
        var text = new StringBuilder("name,email\n");
        foreach (int line in Enumerable.Range(2, users))
        {
            text.Append($"N{line},u{line}@x\n");
        }

        return text.ToString();
    }
}
