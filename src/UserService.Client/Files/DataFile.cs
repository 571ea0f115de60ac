using System.Text;

namespace Users.Client.Files;

/// <summary>Opens what a command line names as a file; <c>-</c> is standard input or output.</summary>
internal static class DataFile
{
    public const string Standard = "-";
    private const int BufferSize = 64 * 1024;

    // A byte order mark at the start is skipped; bytes that are no UTF-8 become a character that no text has.
    private static readonly Encoding Utf8 = Encoding.GetEncoding(
        "utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(UserLine.NotUtf8.ToString()));

    /// <exception cref="CommandException">There is no such file, or it cannot be read.</exception>
    public static Stream OpenRead(string path) =>
        path == Standard ? Console.OpenStandardInput() : Open(path, "read", () => new FileStream(path, FileMode.Open, FileAccess.Read));

    public static StreamReader Text(Stream stream) =>
        new(stream, Utf8, detectEncodingFromByteOrderMarks: false, BufferSize);

    /// <param name="path">The file; one that exists is overwritten.</param>
    /// <param name="append">Goes on at the end of a file that exists.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static Stream OpenWrite(string path, bool append) => path == Standard
        ? Console.OpenStandardOutput()
        : Open(path, "written", () => new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write));

    /// <exception cref="CommandException">Says that the file cannot be read or written, and why.</exception>
    public static CommandException Failure(string path, string done, Exception e) =>
        new($"{path} cannot be {done}: {Reason(path, e)}.", ExitCodes.BadFile);

    private static FileStream Open(string path, string done, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Failure(path, done, e);
        }
    }

    private static string Reason(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or folder",
        // .NET says of a folder that access is denied.
        _ when Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "access is denied",
        _ => e.Message.TrimEnd('.'),
    };
}
