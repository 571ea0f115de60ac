using System.Text;
using System.Threading.Channels;
using Users.Cli.Chat;
using Users.Cli.Files;
using Users.Client.Output;

namespace Users.Cli.Tests.Chat;

public sealed class ChatInputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task Each_line_of_a_pipe_is_one_and_its_end_ends_them() =>
        Assert.Equal(["one", "/quit", "last"], await AllAsync(Input().OfText(new StringReader("one\n\r\n/quit\r\nlast"))));

    // The service would refuse each, and end the chat of all the others.
    [Fact(Timeout = 30_000)]
    public async Task A_line_that_cannot_be_said_costs_only_itself()
    {
        string longest = string.Concat(Enumerable.Repeat("\U0001F600", SafeText.MaxRunes));
        byte[] text = [.. "\uFEFFone\n"u8, 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes($"{longest}\n{longest}x\n"), .. "a\0b\nlast"u8];
        List<string> refusals = [];
        var input = new ChatInput(refusals.Add);

        Assert.Equal(["one", longest, "last"], await AllAsync(input.OfText(DataFile.Text(new MemoryStream(text)))));

        Assert.Equal(
            ["Line 2 was not said: it is not UTF-8.", "Line 4 was not said: it has more than 4000 characters.", "Line 5 was not said: it has the character U+0000."],
            refusals);
        Assert.Equal(3, input.Refused);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_is_read_only_a_little_ahead()
    {
        var endless = new EndlessText();

        ChannelReader<string> lines = Input().OfText(endless);
        await endless.ReadAsync(100);
        for (int line = 0; line < 50; line++)
        {
            await lines.ReadAsync(Token);
        }

        await endless.ReadAsync(150);
        Assert.InRange(endless.LinesRead, 150, 151);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("one⏎two⏎/quit⏎three⏎", "one", "two")]
    [InlineData("one⏎ /quit ⏎three⏎", "one")]
    [InlineData("/quitting⏎⏎/quit⏎", "/quitting", "")]
    public async Task Keys_make_lines_until_the_one_that_leaves(string keys, params string[] lines) =>
        Assert.Equal(lines, await AllAsync(OfKeys(Keys.Of(keys))));

    [Fact(Timeout = 30_000)]
    public async Task A_text_that_is_pasted_is_drawn_once()
    {
        using var terminal = new StringWriter();
        var editor = new LineEditor(terminal, () => 80);
        editor.Open();
        terminal.GetStringBuilder().Clear();
        Queue<ConsoleKeyInfo> keys = new(Keys.Of(new string('x', 4_000)));

        Assert.Empty(await AllAsync(Input().OfKeys(editor, () => keys.TryDequeue(out ConsoleKeyInfo key) ? key : default, () => keys.Count > 0)));

        Assert.Equal(1, terminal.ToString().Count(character => character == '>'));
        Assert.Contains("xxx", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Ctrl_D_leaves_without_saying_what_was_half_typed() =>
        Assert.Equal(["one"], await AllAsync(OfKeys([.. Keys.Of("one⏎half"), Keys.CtrlD, .. Keys.Of("⏎")])));

    [Fact(Timeout = 30_000)]
    public async Task The_end_of_the_terminal_leaves() => Assert.Equal(["one"], await AllAsync(OfKeys(Keys.Of("one⏎two"))));

    [Fact(Timeout = 30_000)]
    public async Task A_terminal_that_breaks_leaves() =>
        Assert.Empty(await AllAsync(Input().OfKeys(Editor(), () => throw new IOException("gone"), () => false)));

    private static ChannelReader<string> OfKeys(IEnumerable<ConsoleKeyInfo> keys)
    {
        IEnumerator<ConsoleKeyInfo> next = keys.GetEnumerator();
        return Input().OfKeys(Editor(), () => next.MoveNext() ? next.Current : default, () => false);
    }

    private static ChatInput Input() => new(line => Assert.Fail(line));

    private static LineEditor Editor() => new(TextWriter.Null, () => 80);

    private static async Task<List<string>> AllAsync(ChannelReader<string> lines) => await lines.ReadAllAsync(Token).ToListAsync(Token);

    private sealed class EndlessText : TextReader
    {
        private readonly SemaphoreSlim _reads = new(0);
        private int _linesRead;
        private int _linesSeen;

        public int LinesRead => Volatile.Read(ref _linesRead);

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _linesRead);
            _reads.Release();
            "line\n".CopyTo(buffer.Span);
            return new("line\n".Length);
        }

        public async Task ReadAsync(int lines)
        {
            for (; _linesSeen < lines; _linesSeen++)
            {
                await _reads.WaitAsync(Token);
            }
        }
    }
}
