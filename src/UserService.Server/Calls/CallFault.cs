namespace Users.Server.Calls;

/// <summary>Marks a call that failed through the server's own fault, and carries the exception to the log; nothing of it is sent.</summary>
internal sealed record CallFault(Exception Exception);
