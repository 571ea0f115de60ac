namespace Users.Client;

/// <summary>Ends a command with a sentence for the user. Lines of <paramref name="details"/> follow it as they are.</summary>
internal sealed class CommandException(string sentence, int exitCode, params IReadOnlyList<string> details) : Exception(sentence)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details;
}
