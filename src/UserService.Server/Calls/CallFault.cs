namespace Users.Server.Calls;

/// <summary>
/// Marks a call that failed through the server's own fault, and carries the exception to the log; nothing of it is sent. Null where the status
/// says all: on a full disk each write fails, and a stack for each would bury the rest of the log.
/// </summary>
internal sealed record CallFault(Exception? Exception);
