using Google.Rpc;
using Grpc.Core;
using Users.Cli.Commands;
using Users.Cli.Tests.Support;
using Users.Client.Tests.Support;
using Users.V1;

namespace Users.Cli.Tests.Chat;

public sealed class ChatCommandTests
{
    private const string Ada = "01900000-0000-7000-8000-000000000001";
    private const string Alan = "01900000-0000-7000-8000-000000000002";

    [Fact(Timeout = 60_000)]
    public async Task A_pipe_says_its_lines_and_gets_one_plain_line_for_each_message()
    {
        List<string> heard = [];
        await using ScriptedServer server = await StartAsync(Answer.Talk(async chat =>
        {
            while (await chat.HearAsync() is { } message)
            {
                heard.Add(message.Message);
            }

            await chat.SayAsync(1, Ada, "one");
            await chat.SayAsync(2, Alan, "\e[2J[red]hostile[/]\nname");
            await chat.SayAsync(3, "01900000-0000-7000-8000-00000000dead", "from the past");
        }));

        var run = await UserctlProcess.RunAsync(server.Address, ["chat", "--as", Ada], "one\n\n/quit\nnö\n");

        Assert.Equal(["one", "/quit", "nö"], heard);
        Assert.Equal(
            "#1 Ada: one\n#2 \\u001B[1mAlan: \\u001B[2J[red]hostile[/]\\u000Aname\n#3 ...0000dead: from the past\n", run.Output);
        Assert.Equal((ExitCodes.Success, ""), (run.ExitCode, run.Error));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(new string[0], "lobby", null)]
    [InlineData(new[] { "--room", "tea", "--after", "0" }, "tea", 0L)]
    [InlineData(new[] { "--after", "9223372036854775807" }, "lobby", long.MaxValue)]
    public async Task The_room_and_the_position_are_in_the_first_message(string[] options, string room, long? after)
    {
        await using ScriptedServer server = await StartAsync(Answer.Talk(chat => chat.HearAsync()));

        await UserctlProcess.RunAsync(server.Address, ["chat", "--as", Ada, .. options]);

        var join = ChatMessage.Parser.ParseFrom(server.Calls.Single(call => call.Method == "ChatUsers").Message);
        Assert.Equal((Ada, room, ""), (join.UserId, join.Room, join.Message));
        Assert.Equal(after, join.HasAfterSequence ? join.AfterSequence : null);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refusal_in_mid_chat_is_told_with_its_details_and_does_not_wait_for_the_next_line()
    {
        BadRequest details = new() { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "message", Description = "is too long" } } };
        await using ScriptedServer server = await StartAsync(Answer.Failure(StatusCode.InvalidArgument, "the text", "REASON", details));

        var run = await UserctlProcess.RunAsync(server.Address, ["chat", "--as", Ada], "", closesInput: false);

        Assert.Equal(
            (ExitCodes.Failed, "", "INVALID_ARGUMENT: the text\nBadRequest: message: is too long\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(StatusCode.PermissionDenied, 1, "PERMISSION_DENIED: No.\n")]
    [InlineData(StatusCode.Unavailable, 3, "The server at {0} is not available: No.\n")]
    public async Task Who_speaks_is_asked_before_the_chat_begins(StatusCode code, int exitCode, string error)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(code, "No."));

        (int actual, RecordingScreen screen) = await RunAsync(["chat", "--as", Ada, "--address", server.Address.OriginalString]);

        Assert.Equal(exitCode, actual);
        Assert.Equal(string.Format(null, error, server.Address.OriginalString), screen.Error);
        Assert.Equal(0, server.AttemptsAt("ChatUsers"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.InvalidArgument)]
    public async Task Whether_a_speaker_that_is_no_user_may_speak_is_for_the_chat_to_say(StatusCode code)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(call => call.Method == "ChatUsers"
            ? Answer.Failure(StatusCode.NotFound, "There is no user.")
            : Answer.Failure(code, "Not this."));

        var run = await UserctlProcess.RunAsync(server.Address, ["chat", "--as", "Ada"], "", closesInput: false);

        Assert.Equal((ExitCodes.Failed, "", "NOT_FOUND: There is no user.\n"), (run.ExitCode, run.Output, run.Error));
        Assert.Equal("Ada", ChatMessage.Parser.ParseFrom(server.Calls.First(call => call.Method == "ChatUsers").Message).UserId);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_never_answers_is_found_out_by_the_deadline()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Never);

        (int exitCode, RecordingScreen screen) = await RunAsync(
            ["chat", "--as", Ada, "--address", server.Address.OriginalString, "--deadline", "0.3"]);

        Assert.Equal(ExitCodes.DeadlineExceeded, exitCode);
        Assert.Equal("The server did not answer within 0.3 seconds; --deadline allows more.\n", screen.Error);
    }

    [Theory]
    [InlineData("Option '--as' is required.")]
    [InlineData("--after takes a sequence number, 0 or more, not '-1'.", "--as", Ada, "--after=-1")]
    [InlineData("--after takes a sequence number, 0 or more, not 'x'.", "--as", Ada, "--after", "x")]
    [InlineData("--after takes a sequence number, 0 or more, not '9223372036854775808'.", "--as", Ada, "--after", "9223372036854775808")]
    public async Task A_wrong_command_line_is_refused_with_a_sentence(string sentence, params string[] options)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["chat", .. options]);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith(sentence + "\n", screen.Error, StringComparison.Ordinal);
    }

    private static Task<ScriptedServer> StartAsync(Answer chat) => ScriptedServer.StartAsync(call => call.Method switch
    {
        "ChatUsers" => chat,
        _ => GetUserRequest.Parser.ParseFrom(call.Message).Id switch
        {
            Ada => Answer.Ok(new User { Id = Ada, Name = "Ada" }),
            Alan => Answer.Ok(new User { Id = Alan, Name = "\e[1mAlan" }),
            _ => Answer.Failure(StatusCode.NotFound),
        },
    });

    private static async Task<(int ExitCode, RecordingScreen Screen)> RunAsync(string[] args)
    {
        var recording = new RecordingScreen();
        return (await UserctlCommandLine.RunAsync(args, recording.Screen, _ => null, TestContext.Current.CancellationToken), recording);
    }
}
