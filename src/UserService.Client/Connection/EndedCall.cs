using Grpc.Core;

namespace Users.Client.Connection;

internal static class EndedCall
{
    /// <summary>
    /// Whether a write to a request stream failed because the call has ended. That shows in whatever way the call was caught: as
    /// CANCELLED, as the broken connection's own exception, or as a write out of turn. Why it ended is in the response.
    /// </summary>
    public static bool ExplainsWrite(Exception exception) => exception is RpcException or IOException or InvalidOperationException;
}
