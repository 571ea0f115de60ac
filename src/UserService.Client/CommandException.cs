namespace Users.Client;

/// <summary>Ends a command with a sentence for the user. Lines of <paramref name="details"/> follow it as they are.</summary>
internal sealed class CommandException(string sentence, int exitCode, params IReadOnlyList<string> details) : Exception(sentence)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Details { get; } = details;

    /// <summary>The status and the reason, when the server gave them: a program branches on these.</summary>
    public string? Code { get; init; }

    public string? Reason { get; init; }

    /// <summary>What the user can do next; said after an interruption too.</summary>
    public string? Advice { get; init; }
}
