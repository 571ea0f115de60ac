namespace Grpc.Core;

public static class RpcExceptionExtensions
{
    /// <returns>null if the call carried no google.rpc.Status, or bytes that are none.</returns>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        return ex.Trailers.GetRpcStatus(ignoreParseError: true);
    }
}
