using Grpc.Core;
using Users.Client.Connection;

namespace Users.Client.Tour;

/// <summary>How a call ends: its status code and, for an error that the service raised itself, the reason.</summary>
internal readonly record struct Ending(StatusCode Code, string? Reason = null)
{
    public override string ToString() => Reason is null ? RpcFailure.NameOf(Code) : $"{RpcFailure.NameOf(Code)} ({Reason})";
}
