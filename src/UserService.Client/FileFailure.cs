namespace Users.Client;

/// <summary>Says why a file cannot be read or written.</summary>
internal static class FileFailure
{
    /// <summary>Whether the exception is about the file, and no mistake of ours.</summary>
    public static bool Explains(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <param name="path">The file, as the user named it.</param>
    /// <param name="done">What was to be done with it: "read" or "written".</param>
    /// <param name="exception">What happened instead.</param>
    public static CommandException Of(string path, string done, Exception exception) =>
        new($"{path} cannot be {done}: {Reason(path, exception)}.", ExitCodes.BadFile);

    private static string Reason(string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or folder",
        // .NET says of a folder that access is denied.
        _ when Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "access is denied",
        _ => exception.Message.TrimEnd('.'),
    };
}
