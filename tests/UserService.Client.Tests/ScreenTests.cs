using System.Text.RegularExpressions;
using Spectre.Console;
using Users.Client.Output;
using Users.Client.Tests.Support;

namespace Users.Client.Tests;

public sealed partial class ScreenTests
{
    private const string Hostile = "[red]\u001b[2J\u001b]0;owned\u0007\r\u202E[/]";
    private const string Neutralised = @"[red]\u001B[2J\u001B]0;owned\u0007\u000D\u202E[/]";

    [Fact]
    public void A_pipe_gets_plain_lines_whatever_the_tone()
    {
        var recording = new RecordingScreen();

        recording.Screen.Line(("-> ", Tone.Sent), (Hostile, Tone.Bad));
        recording.Screen.Line("second");

        Assert.Equal($"-> {Neutralised}\nsecond\n", recording.Output);
    }

    [Fact]
    public void A_terminal_gets_colours_and_nothing_else_from_us()
    {
        (Screen screen, StringWriter terminal) = Terminal();

        screen.Line((Hostile, Tone.Bad), (" plain", Tone.Plain));

        string written = terminal.ToString();
        Assert.Matches(Colour(), written);
        Assert.Equal($"{Neutralised} plain\n", Colour().Replace(written, string.Empty));
    }

    [Fact]
    public void A_line_break_in_a_text_makes_no_second_line()
    {
        (Screen screen, StringWriter terminal) = Terminal();

        screen.Line("one\ntwo");

        Assert.Equal("one\\u000Atwo\n", terminal.ToString());
    }

    [Fact]
    public void An_error_is_neutralised_too()
    {
        var recording = new RecordingScreen();

        recording.Screen.Error(Hostile);

        Assert.Equal(Neutralised + "\n", recording.Error);
        Assert.Empty(recording.Output);
    }

    [Fact]
    public async Task Progress_is_silent_in_a_pipe_and_still_does_the_work()
    {
        var recording = new RecordingScreen();
        int worked = 0;

        await recording.Screen.ProgressAsync("importing", 3, showDone =>
        {
            showDone(worked = 3);
            return Task.CompletedTask;
        });

        Assert.Equal(3, worked);
        Assert.Empty(recording.Output);
    }

    [Fact]
    public async Task Progress_on_a_terminal_shows_its_title_without_obeying_it()
    {
        (Screen screen, StringWriter terminal) = Terminal();

        await screen.ProgressAsync("[red]100[/] \u001b[2J", 2, showDone =>
        {
            showDone(2);
            return Task.CompletedTask;
        });

        string written = terminal.ToString();
        Assert.Contains(@"[red]100[/] \u001B[2J", Colour().Replace(written, string.Empty), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", written, StringComparison.Ordinal);
        Assert.Contains("100%", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_under_a_progress_bar_is_not_swallowed()
    {
        (Screen screen, _) = Terminal();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => screen.ProgressAsync("importing", 2, _ => throw new InvalidOperationException()));
    }

    [Fact]
    public void Lines_written_at_the_same_time_are_not_torn()
    {
        var recording = new RecordingScreen();

        Parallel.For(0, 500, _ => recording.Screen.Line(("left ", Tone.Plain), ("right", Tone.Plain)));

        Assert.Equal(string.Concat(Enumerable.Repeat("left right\n", 500)), recording.Output);
    }

    private static (Screen Screen, StringWriter Written) Terminal()
    {
        var written = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.TrueColor,
            Out = new AnsiConsoleOutput(written),
        });
        console.Profile.Width = 200;
        return (new Screen(TextWriter.Null, TextWriter.Null, console), written);
    }

    [GeneratedRegex(@"\u001b\[[0-9;]*m")]
    private static partial Regex Colour();
}
