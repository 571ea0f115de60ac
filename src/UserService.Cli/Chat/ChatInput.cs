using System.Threading.Channels;

namespace Users.Cli.Chat;

/// <summary>
/// The lines that a person says. Reading a terminal or a pipe blocks and cannot be cancelled, so a thread of its own does it,
/// for as long as the process lives; how many connections the chat needs meanwhile does not matter to it.
/// </summary>
internal static class ChatInput
{
    private const int LinesAhead = 100;

    /// <summary>Lines of text until its end.</summary>
    public static ChannelReader<string> OfText(TextReader text) => Read(text.ReadLine);

    /// <summary>Lines that a person finishes in <paramref name="editor"/>, until the one that leaves.</summary>
    /// <param name="editor">What the keys go to.</param>
    /// <param name="readKey">Waits for a key; what it answers at the end of the terminal is <see langword="default"/>.</param>
    public static ChannelReader<string> OfKeys(LineEditor editor, Func<ConsoleKeyInfo> readKey) => Read(() =>
    {
        while (readKey() is var key && key != default)
        {
            if (editor.Press(key) is { } line)
            {
                return line.Trim() == LineEditor.Quit ? null : line;
            }
        }

        return null;
    });

    private static ChannelReader<string> Read(Func<string?> readLine)
    {
        // Bounded: a pipe is not read faster than the server listens.
        Channel<string> lines = Channel.CreateBounded<string>(LinesAhead);
        new Thread(() => Fill(lines, readLine)) { IsBackground = true, Name = "Chat input" }.Start();
        return lines.Reader;
    }

    private static void Fill(Channel<string> lines, Func<string?> readLine)
    {
        try
        {
            while (readLine() is { } line)
            {
                lines.Writer.WriteAsync(line).AsTask().Wait();
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
}
