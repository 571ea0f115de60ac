using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Users.Client.Output;

/// <summary>Standard input and output as a program on a pipe needs them: in UTF-8, and with the failures that .NET's console passes over.</summary>
internal static class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;
    private const int BrokenPipe = 32;

    /// <summary>No byte order mark: text is the same whatever the locale, and JSON is JSON (RFC 8259, section 8.1).</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <exception cref="CommandException">It is closed.</exception>
    public static Stream OpenInput() => IsClosed(Input)
        ? throw new CommandException("Standard input is closed: name a file, or give it something to read.", ExitCodes.BadFile)
        : Console.OpenStandardInput();

    /// <summary>Whether what is written there would go into a file of the runtime's own.</summary>
    public static bool IsOutputClosed => IsClosed(Output);

    /// <inheritdoc cref="IsOutputClosed" />
    public static bool IsErrorClosed => IsClosed(Error);

    public static Stream OpenOutput()
    {
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            // The console's stream does not say that the reader of a pipe went away.
            var stream = new FileStream(new SafeFileHandle(Output, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return stream;
            }
        }

        // A file's place in it may be shared with standard error, and a stream of our own would write over that.
        return Console.OpenStandardOutput();
    }

    /// <summary>Says why standard output cannot be written; nothing where its reader went away, for nobody is there to read more.</summary>
    public static CommandException Failure(IOException exception) => (exception.HResult & 0xFFFF) == BrokenPipe && !OperatingSystem.IsWindows()
        ? new CommandException("", ExitCodes.BrokenPipe)
        : FileFailure.Of("Standard output", "written", exception);

    /// <summary>
    /// Whether the process was started without this descriptor. The runtime has put a file of its own there since, which it, unlike
    /// one that was inherited, would close in a child: so Linux shows it.
    /// </summary>
    private static bool IsClosed(int descriptor)
    {
        const int CloseOnExec = 0x80000;
        string info = $"/proc/self/fdinfo/{descriptor}";
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        string? flags = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal)) : null;
        return flags is null || (Convert.ToInt32(flags["flags:".Length..].Trim(), fromBase: 8) & CloseOnExec) != 0;
    }
}
