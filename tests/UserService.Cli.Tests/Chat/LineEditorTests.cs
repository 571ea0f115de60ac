using Users.Cli.Chat;

namespace Users.Cli.Tests.Chat;

public sealed class LineEditorTests
{
    private const string Wave = "\U0001F44B";
    private const string DarkWave = "\U0001F44B\U0001F3FF";
    private const string Accent = "e\u0301";

    [Theory]
    [InlineData("", "> |")]
    [InlineData("hello", "> hello|")]
    [InlineData("helo←l", "> hell|o")]
    [InlineData("ab←←←x→→→y", "> xab|y")]
    [InlineData("abc⌫", "> ab|")]
    [InlineData("abc←⌫", "> a|c")]
    [InlineData("abc⇤⌦", "> |bc")]
    [InlineData("abc⇤x⇥y", "> xabc|y")]
    [InlineData("⌫⌦←→⇤⇥", "> |")]
    [InlineData("abc✂d", "> d|")]
    [InlineData("a↹b", "> a b|")]
    [InlineData("a↑⎋b", "> ab|")]
    [InlineData("日本⌫", "> 日|")]
    [InlineData("日本←x", "> 日x|本")]
    [InlineData(Wave, "> " + Wave + "|")]
    [InlineData("a" + Wave + "⌫", "> a|")]
    [InlineData("a" + DarkWave + "⌫", "> a|")]
    [InlineData(Accent + Accent + "⌫", "> " + Accent + "|")]
    [InlineData(Accent + "←x", "> x|" + Accent)]
    [InlineData("a\u202Eb", "> a\\u202E|b")]
    public void Keys_edit_the_line_that_is_shown(string keys, string row)
    {
        (LineEditor editor, OneRow terminal) = Open();

        Assert.All(Keys.Of(keys), key => Assert.Null(editor.Press(key)));

        Assert.Equal(row.Replace("|", ""), terminal.Shown.Replace("|", ""));
        // Where the cursor is: a further key goes there.
        editor.Press(Keys.Of("*").Single());
        Assert.Contains("*|", terminal.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("helo←l", "> hell|o")]
    [InlineData("abc⇤", "> |abc")]
    [InlineData("日本←", "> 日|本")]
    [InlineData("日本←←→", "> 日|本")]
    public void The_cursor_stands_where_the_next_key_goes(string keys, string row)
    {
        (LineEditor editor, OneRow terminal) = Open();

        Press(editor, keys);

        Assert.Equal(row, terminal.Shown);
    }

    [Theory]
    [InlineData("hello⏎", "hello")]
    [InlineData("hello↵", "hello")]
    [InlineData("helo←l⏎", "hello")]
    [InlineData("⏎", "")]
    [InlineData("  a ⏎", "  a ")]
    [InlineData("a" + Wave + Accent + "⏎", "a" + Wave + Accent)]
    public void Enter_answers_the_whole_line_and_starts_an_empty_one(string keys, string line)
    {
        (LineEditor editor, OneRow terminal) = Open();

        Assert.Equal(line, Press(editor, keys));
        Assert.Equal("> |", terminal.Shown);
    }

    [Theory]
    [InlineData("▲a⏎", "a")]
    [InlineData("▼a⏎", "a")]
    [InlineData("▲▲▼⏎", Wave)]
    [InlineData("▲a▼⏎", "a")]
    public void Half_a_character_is_never_kept(string keys, string line)
    {
        (LineEditor editor, _) = Open();

        Assert.Equal(line, Press(editor, keys));
    }

    [Fact]
    public void Ctrl_D_leaves_whatever_was_typed()
    {
        (LineEditor editor, _) = Open();
        Press(editor, "unfinished");

        Assert.Equal("/quit", editor.Press(Keys.CtrlD));
    }

    [Fact]
    public void What_arrives_is_printed_above_the_line_and_leaves_it_whole()
    {
        (LineEditor editor, OneRow terminal) = Open();
        Press(editor, "half a thouht←←");

        editor.Print(() => terminal.Write("Alan: hello\n"));

        Assert.Equal(["Alan: hello"], terminal.Above);
        Assert.Equal("> half a thou|ht", terminal.Shown);
        Assert.Equal("half a thought", Press(editor, "g⏎"));
    }

    [Theory]
    [InlineData(20, "0123456789abcdefg", "> 0123456789abcdefg|")]
    [InlineData(20, "0123456789abcdefgh", "> <23456789abcdefgh|")]
    [InlineData(20, "0123456789abcdefghij←", "> <456789abcdefghi|j")]
    [InlineData(20, "0123456789abcdefghij←←←←←←", "> <23456789abcd|efgh")]
    [InlineData(20, "0123456789abcdefghij⇤", "> |0123456789abcdefg")]
    [InlineData(20, "日本日本日本日本日本", "> <日本日本日本日本|")]
    [InlineData(20, "a日本日本日本日本日本", "> <日本日本日本日本|")]
    [InlineData(5, "abc", "> <c|")]
    [InlineData(1, "abc", null)]
    [InlineData(0, "abc", null)]
    public void A_line_longer_than_the_terminal_scrolls_in_its_row(int columns, string keys, string? row)
    {
        var terminal = new OneRow(Math.Max(columns, 6));
        var editor = new LineEditor(terminal, () => columns);
        editor.Open();

        Press(editor, keys);

        if (row is not null)
        {
            Assert.Equal(row, terminal.Shown);
        }

        Assert.Equal(string.Concat(keys.Where(sign => sign is not ('←' or '⇤'))), Press(editor, "⏎"));
    }

    [Fact]
    public void The_row_follows_the_terminal_s_width()
    {
        int columns = 40;
        var terminal = new OneRow(40);
        var editor = new LineEditor(terminal, () => columns);
        editor.Open();
        Press(editor, "0123456789abcdef");

        columns = 10;
        editor.Print(() => terminal.Write("line\n"));

        Assert.Equal("> <abcdef|", terminal.Shown);
    }

    [Fact]
    public void Nothing_is_drawn_before_it_is_opened_nor_after_it_is_closed()
    {
        var terminal = new OneRow(40);
        var editor = new LineEditor(terminal, () => 40);

        Press(editor, "early");
        Assert.Equal("|", terminal.Shown);

        editor.Open();
        Assert.Equal("> early|", terminal.Shown);

        editor.Close();
        Press(editor, "late");
        editor.Print(() => terminal.Write("line\n"));

        Assert.Equal("|", terminal.Shown);
        Assert.Equal(["line"], terminal.Above);
    }

    [Fact]
    public void Typing_and_printing_at_the_same_time_tear_nothing()
    {
        (LineEditor editor, OneRow terminal) = Open();

        Parallel.Invoke(
            () => Press(editor, new string('x', 500)),
            () =>
            {
                for (int number = 0; number < 500; number++)
                {
                    editor.Print(() => terminal.Write("a line\n"));
                }
            });

        Assert.Equal(Enumerable.Repeat("a line", 500), terminal.Above);
        Assert.Equal(new string('x', 500), Press(editor, "⏎"));
    }

    private static (LineEditor Editor, OneRow Terminal) Open()
    {
        var terminal = new OneRow(40);
        var editor = new LineEditor(terminal, () => 40);
        editor.Open();
        return (editor, terminal);
    }

    private static string? Press(LineEditor editor, string keys) => Keys.Of(keys).Select(key => editor.Press(key)).ToArray()[^1];
}
