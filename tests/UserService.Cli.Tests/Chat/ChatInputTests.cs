using System.Threading.Channels;
using Users.Cli.Chat;

namespace Users.Cli.Tests.Chat;

public sealed class ChatInputTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task Each_line_of_a_pipe_is_one_and_its_end_ends_them() =>
        Assert.Equal(["one", "", "/quit", "last"], await AllAsync(ChatInput.OfText(new StringReader("one\n\r\n/quit\r\nlast"))));

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_is_read_only_a_little_ahead()
    {
        var endless = new EndlessText();

        ChannelReader<string> lines = ChatInput.OfText(endless);
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
    public async Task Ctrl_D_leaves_without_saying_what_was_half_typed() =>
        Assert.Equal(["one"], await AllAsync(OfKeys([.. Keys.Of("one⏎half"), Keys.CtrlD, .. Keys.Of("⏎")])));

    [Fact(Timeout = 30_000)]
    public async Task The_end_of_the_terminal_leaves() => Assert.Equal(["one"], await AllAsync(OfKeys(Keys.Of("one⏎two"))));

    [Fact(Timeout = 30_000)]
    public async Task A_terminal_that_breaks_leaves() =>
        Assert.Empty(await AllAsync(ChatInput.OfKeys(Editor(), () => throw new IOException("gone"))));

    private static ChannelReader<string> OfKeys(IEnumerable<ConsoleKeyInfo> keys)
    {
        IEnumerator<ConsoleKeyInfo> next = keys.GetEnumerator();
        return ChatInput.OfKeys(Editor(), () => next.MoveNext() ? next.Current : default);
    }

    private static LineEditor Editor() => new(TextWriter.Null, () => 80);

    private static async Task<List<string>> AllAsync(ChannelReader<string> lines) => await lines.ReadAllAsync(Token).ToListAsync(Token);

    private sealed class EndlessText : TextReader
    {
        private readonly SemaphoreSlim _reads = new(0);
        private int _linesRead;
        private int _linesSeen;

        public int LinesRead => Volatile.Read(ref _linesRead);

        public override string? ReadLine()
        {
            Interlocked.Increment(ref _linesRead);
            _reads.Release();
            return "line";
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
