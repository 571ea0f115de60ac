using Users.Cli.Files;
using Users.Cli.Tests.Support;
using Users.Client.Output;
using Users.Client.Tests.Support;

namespace Users.Cli.Tests;

public sealed class TransferProgressTests
{
    private const string Erase = "\r\u001b[K";

    [Fact]
    public void The_rate_and_the_time_left_follow_from_what_was_done()
    {
        (Screen screen, StringWriter error) = Terminal();
        var time = new ManualTime();
        var progress = new TransferProgress(screen, time, "importing", size: 1_000);

        time.Move(TimeSpan.FromSeconds(10));
        progress.Show(20_000, 250);

        Assert.Equal("importing 20,000 users, 2,000 a second, 25%, 0:30 left", error.ToString());
    }

    [Fact]
    public void Without_a_size_there_is_no_time_left()
    {
        (Screen screen, StringWriter error) = Terminal();
        var time = new ManualTime();
        var progress = new TransferProgress(screen, time, "exporting");

        time.Move(TimeSpan.FromSeconds(0.5));
        progress.Show(1);

        Assert.Equal("exporting 1 users, 2 a second", error.ToString());
    }

    [Fact]
    public void It_is_shown_five_times_a_second_at_most()
    {
        (Screen screen, StringWriter error) = Terminal();
        var time = new ManualTime();
        var progress = new TransferProgress(screen, time, "exporting");

        for (int i = 1; i <= 100; i++)
        {
            time.Move(TimeSpan.FromSeconds(0.01));
            progress.Show(i);
        }

        Assert.Equal(5, error.ToString().Split("exporting").Length - 1);
    }

    [Fact]
    public void A_status_makes_way_for_whatever_is_written()
    {
        (Screen screen, StringWriter error) = Terminal();

        screen.Status("10%");
        screen.Status("20% \u001b[2J");
        screen.Error("line 3 is bad");
        screen.Error("line 4 is bad");
        screen.Status("30%");
        screen.EndStatus();
        screen.EndStatus();

        Assert.Equal($"10%{Erase}20% \\u001B[2J{Erase}line 3 is bad\nline 4 is bad\n30%{Erase}", error.ToString());
    }

    [Fact]
    public void A_status_makes_way_for_lines_and_json_too()
    {
        (Screen screen, StringWriter error) = Terminal();

        screen.Status("10%");
        screen.Line("a line");
        screen.Status("20%");
        screen.Json("{}");
        screen.Status("30%");
        screen.Json("{}", isError: true);

        Assert.Equal($"10%{Erase}20%{Erase}30%{Erase}{{}}\n", error.ToString());
    }

    [Fact]
    public void A_pipe_sees_no_status()
    {
        var recording = new RecordingScreen();

        recording.Screen.Status("10%");
        recording.Screen.EndStatus();

        Assert.Empty(recording.Error);
    }

    private static (Screen Screen, StringWriter Error) Terminal()
    {
        var error = new StringWriter();
        return (new Screen(TextWriter.Null, error, hasStatus: true), error);
    }
}
