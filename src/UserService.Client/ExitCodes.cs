namespace Users.Client;

/// <summary>How the program ends. A signal ends it with 128 plus the signal's number, as a shell expects.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NoServer = 3;
    public const int DeadlineExceeded = 4;
    public const int BadFile = 5;
    public const int Interrupted = 130;
    /// <summary>The reader of standard output went away: 128 and SIGPIPE, as a shell has it.</summary>
    public const int BrokenPipe = 141;
}
