using Google.Rpc;
using Grpc.Core;
using Users.Client.Tests.Support;
using Users.Client.Tour;
using Users.V1;

namespace Users.Client.Tests;

/// <summary>How the tour judges and shows what a server does; a tour that goes well is the end-to-end tests' part.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task A_server_that_does_everything_wrong_fails_every_step_by_name()
    {
        (int exitCode, RecordingScreen screen, _) = await TourAsync(_ => Answer.Failure(StatusCode.Internal, "oops", "INTERNAL"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains($"\n{TourSteps.All.Count} of {TourSteps.All.Count} steps did not end as they should:\n", screen.Output, StringComparison.Ordinal);
        Assert.All(TourSteps.All, step => Assert.Contains(
            $"\n   {step.Title}: INTERNAL (INTERNAL) instead of {step.Expected}\n", screen.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_right_code_for_the_wrong_reason_is_not_what_a_step_expects()
    {
        (int exitCode, RecordingScreen screen, _) = await TourAsync(_ => Answer.Failure(StatusCode.NotFound, "text", "ROOM_NOT_FOUND"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("NOT_FOUND (ROOM_NOT_FOUND), expected NOT_FOUND (USER_NOT_FOUND)", screen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_steps_that_went_wrong_are_named()
    {
        (_, RecordingScreen screen, _) = await TourAsync(_ => Answer.Failure(StatusCode.NotFound, "text", "USER_NOT_FOUND"));

        Assert.Contains("   NOT_FOUND (USER_NOT_FOUND)\n      text\n", screen.Output, StringComparison.Ordinal);
        Assert.Contains($"{TourSteps.All.Count - 1} of {TourSteps.All.Count} steps did not end", screen.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Failure: no such user:", screen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_succeeds_where_it_should_fail_is_a_surprise()
    {
        (int exitCode, RecordingScreen screen, _) = await TourAsync(_ => Answer.Ok(new User { Id = "x" }));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Failure: no such user: OK instead of NOT_FOUND (USER_NOT_FOUND)", screen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_goes_away_ends_the_tour_with_a_sentence()
    {
        bool probed = false;
        (int exitCode, RecordingScreen screen, ScriptedServer server) = await TourAsync(_ =>
        {
            Answer answer = probed ? Answer.Failure(StatusCode.Unavailable, "gone") : Answer.Failure(StatusCode.NotFound, "", "USER_NOT_FOUND");
            probed = true;
            return answer;
        });

        Assert.Equal(ExitCodes.NoServer, exitCode);
        Assert.Equal($"The server at {server.Address.OriginalString} is not available: gone\n", screen.Error);
        Assert.DoesNotContain("2. ", screen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_details_and_users_from_the_server_cannot_command_the_terminal()
    {
        const string Hostile = "[red]\u001b[2J\u0007\u202E\r[/]";
        (_, RecordingScreen screen, _) = await TourAsync(call => call.Method switch
        {
            "GetUser" => Answer.Failure(StatusCode.NotFound, Hostile, Hostile, new ResourceInfo { ResourceName = Hostile }),
            "CreateUsers" => Answer.OkAtTheEnd(new CreateUsersResponse { Failures = { [7] = new Google.Rpc.Status { Code = 3, Message = Hostile } } }),
            "ListUsers" => Answer.MessageThenFailure(new User { Name = Hostile }, StatusCode.Internal),
            "ChatUsers" => Answer.MessageThenFailure(new ChatMessage { UserId = Hostile, Message = Hostile }, StatusCode.Internal),
            _ => Answer.Ok(new User { Id = Hostile, Name = Hostile, Email = Hostile }),
        });

        Assert.DoesNotContain(screen.Output, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202E', screen.Output);
        Assert.Contains(@"ResourceInfo:  [red]\u001B[2J\u0007\u202E\u000D[/]", screen.Output, StringComparison.Ordinal);
        Assert.Contains(@"user 7: INVALID_ARGUMENT [red]\u001B[2J", screen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_create_of_the_tour_carries_a_request_id_of_its_own()
    {
        (_, _, ScriptedServer server) = await TourAsync(_ => Answer.Failure(StatusCode.NotFound, "", "USER_NOT_FOUND"));

        List<string> requestIds = [.. server.Calls
            .Where(call => call.Method is "CreateUser" or "CreateUsers")
            .Select(call => CreateUserRequest.Parser.ParseFrom(call.Message).RequestId)];
        Assert.All(requestIds, requestId => Assert.True(Guid.TryParseExact(requestId, "D", out _)));
        Assert.Equal(requestIds.Count, requestIds.Distinct().Count());
        Assert.True(requestIds.Count >= 5);
    }

    [Fact]
    public async Task Every_update_and_delete_of_the_tour_carries_the_etag_it_was_given()
    {
        (_, _, ScriptedServer server) = await TourAsync(_ => Answer.Ok(new User { Id = "x", Etag = "current" }));

        Assert.All(
            server.Calls.Where(call => call.Method == "UpdateUser"),
            call => Assert.Equal("current", UpdateUserRequest.Parser.ParseFrom(call.Message).Etag));
        Assert.All(
            server.Calls.Where(call => call.Method == "DeleteUser"),
            call => Assert.Equal("current", DeleteUserRequest.Parser.ParseFrom(call.Message).Etag));
        Assert.True(server.AttemptsAt("UpdateUser") > 0 && server.AttemptsAt("DeleteUser") > 0);
    }

    [Fact]
    public async Task Two_runs_against_one_server_share_no_email_and_no_room()
    {
        List<string> emails = [];
        for (int run = 0; run < 2; run++)
        {
            (_, _, ScriptedServer server) = await TourAsync(_ => Answer.Ok(new User { Id = "x" }));
            emails.AddRange(server.Calls
                .Where(call => call.Method is "CreateUser" or "CreateUsers")
                .Select(call => CreateUserRequest.Parser.ParseFrom(call.Message).Email)
                .Where(email => email.EndsWith("@example.com", StringComparison.Ordinal)));
        }

        Assert.Equal(emails.Count, emails.Distinct().Count());
        Assert.NotEmpty(emails);
    }

    private static async Task<(int ExitCode, RecordingScreen Screen, ScriptedServer Server)> TourAsync(Func<ReceivedCall, Answer> script)
    {
        var recording = new RecordingScreen();
        await using ScriptedServer server = await ScriptedServer.StartAsync(script);
        int exitCode = await TourCommand.RunAsync(
            ["--address", server.Address.OriginalString], recording.Screen, _ => null, TestContext.Current.CancellationToken);
        return (exitCode, recording, server);
    }
}
