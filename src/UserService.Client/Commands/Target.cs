namespace Users.Client.Commands;

/// <summary>What a command calls.</summary>
/// <param name="Address">The server.</param>
/// <param name="IsNamed">Whether the user named it, rather than leaving it to the default.</param>
/// <param name="Deadline">How long a unary call may take.</param>
/// <param name="KeepAlive">After how long a silence the server is asked whether it is still there.</param>
/// <param name="Json">Whether a program reads the answer, rather than a person.</param>
internal sealed record Target(Uri Address, bool IsNamed, TimeSpan Deadline, TimeSpan KeepAlive, bool Json = false);
