using System.Text;
using Users.Client.Output;

namespace Users.Cli.Files;

/// <summary>Opens what a command line names as a file; <c>-</c> is standard input or output.</summary>
internal static class DataFile
{
    public const string Standard = "-";
    private const int BufferSize = 64 * 1024;

    // A byte order mark at the start is skipped; bytes that are no UTF-8 become a character that no text has.
    private static readonly Encoding Utf8 = Encoding.GetEncoding(
        "utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(UserLine.NotUtf8.ToString()));

    /// <exception cref="CommandException">There is no such file, or it cannot be read; or standard input is closed.</exception>
    public static Stream OpenRead(string path) =>
        path == Standard ? StandardStreams.OpenInput() : Open(path, "read", () => new FileStream(path, FileMode.Open, FileAccess.Read));

    public static StreamReader Text(Stream stream) =>
        new(stream, Utf8, detectEncodingFromByteOrderMarks: false, BufferSize);

    /// <param name="path">The file; one that exists is overwritten.</param>
    /// <param name="append">Goes on at the end of a file that exists.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static Stream OpenWrite(string path, bool append) => path == Standard
        ? StandardStreams.OpenOutput()
        : Open(path, "written", () => new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));

    /// <summary>Opens a file that exists, to read and to change it.</summary>
    /// <exception cref="CommandException">It cannot be changed.</exception>
    public static Stream OpenChange(string path) => Open(path, "written", () => new FileStream(path, FileMode.Open, FileAccess.ReadWrite));

    private static FileStream Open(string path, string done, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (FileFailure.Explains(e))
        {
            throw FileFailure.Of(path, done, e);
        }
    }
}
