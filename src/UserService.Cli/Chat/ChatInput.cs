using System.Threading.Channels;
using Users.Cli.Files;
using Users.Client.Output;

namespace Users.Cli.Chat;

/// <summary>
/// The lines that a person says. Reading a terminal or a pipe blocks and cannot be cancelled, so a thread of its own does it,
/// for as long as the process lives; how many connections the chat needs meanwhile does not matter to it.
/// </summary>
/// <param name="refuse">Told why a line is not said: the service would refuse it, and end the chat. The others go on.</param>
internal sealed class ChatInput(Action<string> refuse)
{
    private const int LinesAhead = 100;

    /// <summary>How many lines were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Lines of text until its end.</summary>
    public ChannelReader<string> OfText(TextReader text)
    {
        var lines = new LineReader(new CharSource(text));
        return Read(() => lines.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() ? lines.Text : null, () => $"Line {lines.Line}");
    }

    /// <summary>Lines that a person finishes in <paramref name="editor"/>, until the one that leaves.</summary>
    /// <param name="editor">What the keys go to.</param>
    /// <param name="readKey">Waits for a key; what it answers at the end of the terminal is <see langword="default"/>.</param>
    /// <param name="hasMore">Whether the next key is there already, as in a text that is pasted: only its last key draws the line.</param>
    public ChannelReader<string> OfKeys(LineEditor editor, Func<ConsoleKeyInfo> readKey, Func<bool> hasMore) => Read(
        () =>
        {
            while (readKey() is var key && key != default)
            {
                if (editor.Press(key, isDrawn: !hasMore()) is { } line)
                {
                    return line.Trim() == LineEditor.Quit ? null : line;
                }
            }

            return null;
        },
        () => "The line");

    private ChannelReader<string> Read(Func<string?> readLine, Func<string> which)
    {
        // Bounded: a pipe is not read faster than the server listens.
        Channel<string> lines = Channel.CreateBounded<string>(LinesAhead);
        new Thread(() => Fill(lines, readLine, which)) { IsBackground = true, Name = "Chat input" }.Start();
        return lines.Reader;
    }

    private void Fill(Channel<string> lines, Func<string?> readLine, Func<string> which)
    {
        try
        {
            while (readLine() is { } line)
            {
                if (FaultOf(line) is { } fault)
                {
                    Refused++;
                    refuse($"{which()} was not said: it {fault}");
                }
                else
                {
                    lines.Writer.WriteAsync(line).AsTask().Wait();
                }
            }
        }
        catch (IOException)
        {
            // The terminal is gone: nothing more will be said.
        }
        finally
        {
            lines.Writer.Complete();
        }
    }

    private static string? FaultOf(string line) =>
        line.Contains(UserLine.NotUtf8, StringComparison.Ordinal) ? UserLine.NotUtf8Fault
        : line.Contains('\0', StringComparison.Ordinal) ? "has the character U+0000."
        : line.Length > SafeText.MaxRunes && line.EnumerateRunes().Count() > SafeText.MaxRunes ? $"has more than {SafeText.MaxRunes} characters."
        : null;
}
