using Grpc.Core;
using Users.Cli.Commands;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--address", "localhost")]
    [InlineData("--address", "localhost:50051,http://localhost:50052")]
    [InlineData("--address", "ftp://localhost")]
    [InlineData("--address", "/tmp/socket")]
    [InlineData("--address", "http://localhost:50051/path")]
    [InlineData("--address", "http://localhost:99999")]
    [InlineData("--address", "")]
    public async Task An_address_that_is_none_is_refused_with_the_form_it_should_have(params string[] args)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["get", "x", .. args]);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith(
            $"--address takes http://HOST:PORT, https://HOST:PORT, HOST:PORT, several of one kind with commas between, dns:///NAME:PORT or unix:FILE, not '{args[1]}'.\n",
            screen.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("86401")]
    [InlineData("soon")]
    public async Task A_deadline_that_no_call_could_have_is_refused(string seconds)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["get", "x", $"--deadline={seconds}"]);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith("--deadline takes a number of seconds above 0, at most 86400, such as 1.5, not", screen.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("lsit")]
    [InlineData("get", "x", "more")]
    [InlineData("list", "--deadline")]
    [InlineData("list", "--address")]
    [InlineData("list", "--address", "http://a", "--address", "http://b")]
    public async Task A_command_line_that_makes_no_sense_is_refused(params string[] args)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(args);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.EndsWith("--help lists the commands and options.\n", screen.Error, StringComparison.Ordinal);
        Assert.Contains(args[^1].StartsWith("http", StringComparison.Ordinal) ? "--address" : args[^1], screen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_names_the_server_when_the_command_line_does_not()
    {
        using var nobody = new FreePort();

        (int exitCode, RecordingScreen screen) = await RunAsync(["get", "x"], address: nobody.Address.OriginalString);

        Assert.Equal(ExitCodes.NoServer, exitCode);
        Assert.Contains(nobody.Address.OriginalString, screen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_address_in_the_environment_is_told_by_its_name()
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["get", "x"], address: "nowhere");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith("USERS_ADDRESS takes http://HOST:PORT, https://HOST:PORT, ", screen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_wins_over_the_environment()
    {
        using var nobody = new FreePort();

        (_, RecordingScreen screen) = await RunAsync(["get", "x", "--address", nobody.Address.OriginalString], address: "nowhere");

        Assert.Contains(nobody.Address.OriginalString, screen.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--deadline", "1,5", "--deadline takes a number of seconds above 0, at most 86400, such as 1.5, not '1,5'.")]
    [InlineData("--deadline", "1e1", "--deadline takes a number of seconds above 0, at most 86400, such as 1.5, not '1e1'.")]
    [InlineData("--keep-alive", "2,5", "--keep-alive takes a number of seconds, 2 to 86400, such as 2.5, not '2,5'.")]
    [InlineData("--limit", "1,000", "--limit takes a whole number, 0 or more, not '1,000'.")]
    public async Task Numbers_are_read_alike_everywhere_and_without_separators(string option, string number, string sentence)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["list", option, number]);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith($"{sentence}\n", screen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_is_not_UTF_8_is_refused()
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["create", "Ad\uFFFD", "a@x"]);

        Assert.Equal((ExitCodes.Usage, "'Ad\uFFFD' is not UTF-8.\n"), (exitCode, screen.Error));
    }

    [Fact]
    public async Task A_byte_order_mark_before_a_word_is_skipped_as_before_a_file()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Ok(new V1.User()));

        await RunAsync(["create", "\uFEFFAda", "a@x", "--address", server.Address.OriginalString]);

        Assert.Equal("Ada", V1.CreateUserRequest.Parser.ParseFrom(server.Calls[0].Message).Name);
    }

    [Fact]
    public async Task The_deadline_given_reaches_the_calls()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.Unimplemented));

        await RunAsync(["get", "x", "--address", server.Address.OriginalString, "--deadline", "3600"]);

        Assert.Matches("^(3599|3600)[0-9]{3}m$|^60M$|^(3599|3600)S$|^1H$", server.Calls[0].Headers["grpc-timeout"]);
    }

    private static async Task<(int ExitCode, RecordingScreen Screen)> RunAsync(string[] args, string? address = null)
    {
        var recording = new RecordingScreen();
        int exitCode = await UserctlCommandLine.RunAsync(
            args, recording.Screen, name => name == "USERS_ADDRESS" ? address : null, TestContext.Current.CancellationToken);
        return (exitCode, recording);
    }
}
