using Grpc.Core;
using Users.Client.Tests.Support;
using Users.Client.Tour;

namespace Users.Client.Tests;

/// <summary>Which server the tour visits, and what it says when it cannot.</summary>
public sealed class TourCommandTests
{
    [Fact]
    public async Task Nobody_at_the_named_address_is_a_sentence()
    {
        using var nobody = new FreePort();

        (int exitCode, RecordingScreen screen) = await RunAsync(["--address", nobody.Address.OriginalString]);

        Assert.Equal(
            (ExitCodes.NoServer, "", $"No server answers at {nobody.Address.OriginalString}; start one there, or leave the address out.\n"),
            (exitCode, screen.Output, screen.Error));
    }

    [Fact]
    public async Task The_environment_names_the_server_when_the_command_line_does_not()
    {
        using var nobody = new FreePort();

        (int exitCode, RecordingScreen screen) = await RunAsync([], ("USERS_ADDRESS", nobody.Address.OriginalString));

        Assert.Equal(ExitCodes.NoServer, exitCode);
        Assert.Contains(nobody.Address.OriginalString, screen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_something_else_is_told_from_no_server()
    {
        await using ScriptedServer other = await ScriptedServer.StartAsync(_ => Answer.Failure(StatusCode.Unimplemented));

        (int exitCode, RecordingScreen screen) = await RunAsync(["--address", other.Address.OriginalString]);

        Assert.Equal(ExitCodes.NoServer, exitCode);
        Assert.StartsWith(
            $"Something answers at {other.Address.OriginalString}, but it is not users.v1.UserService;", screen.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--address", "dns:///example.test:1")]
    [InlineData("--address", "example.test:1,localhost:1")]
    public async Task Without_a_scheme_TLS_is_asked_for_by_an_option(params string[] address)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync([.. address, "--token", "secret"]);

        Assert.Equal((ExitCodes.Usage, $"The token would go to {address[1]} in cleartext: add --tls.\n"), (exitCode, screen.Error));
    }

    [Fact]
    public async Task TLS_and_an_address_in_cleartext_do_not_go_together()
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(["--address", "http://example.test:1", "--tls"]);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith(
            "--tls goes with an address without a scheme, or with https://, not with http://example.test:1.\n", screen.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--token", "secret")]
    [InlineData]
    public async Task A_token_goes_to_no_other_host_in_cleartext(params string[] options)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(
            ["--address", "http://example.test:1", .. options], ("USERS_TOKEN", options is [] ? "secret" : ""));

        Assert.Equal(
            (ExitCodes.Usage, "The token would go to http://example.test:1 in cleartext: write https://.\n"), (exitCode, screen.Error));
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("get")]
    [InlineData("--address", "nowhere")]
    public async Task A_command_line_that_makes_no_sense_is_refused(params string[] args)
    {
        (int exitCode, RecordingScreen screen) = await RunAsync(args);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains(args[^1], screen.Error, StringComparison.Ordinal);
        Assert.EndsWith("--help lists the options.\n", screen.Error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, RecordingScreen Screen)> RunAsync(string[] args, (string Name, string Value)? variable = null)
    {
        var recording = new RecordingScreen();
        int exitCode = await TourCommand.RunAsync(
            args, recording.Screen, name => name == variable?.Name ? variable?.Value : null, TestContext.Current.CancellationToken);
        return (exitCode, recording);
    }
}
