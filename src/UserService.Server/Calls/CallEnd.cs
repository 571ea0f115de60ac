using Status = Google.Rpc.Status;

namespace Users.Server.Calls;

/// <summary>Set by what may end a call before its caller does: once the signal is raised, the call ends with this failure.</summary>
internal sealed record CallEnd(Func<Status> Failure, CancellationToken Signal);
