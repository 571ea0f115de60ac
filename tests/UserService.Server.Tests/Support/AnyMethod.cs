using Grpc.Core;
using Grpc.Net.Client;
using Users.V1;

namespace Users.Server.Tests.Support;

/// <summary>
/// Calls methods by their names, whatever their kind and messages: on the wire each call is a stream of messages both ways.
/// </summary>
internal static class AnyMethod
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>The names of the contract's methods, those of another service than UserService with it.</summary>
    public static TheoryData<string> Names =>
        [.. UserService.Descriptor.Methods.Select(method => method.Name), .. RoomService.Descriptor.Methods.Select(method => $"{method.Service.FullName}/{method.Name}")];

    /// <summary>Sends one message, closes, and answers how the call ended.</summary>
    /// <param name="channel">To which server.</param>
    /// <param name="method">Such as GetUser; or another service's, such as grpc.health.v1.Health/Check.</param>
    /// <param name="metadata">What is sent with it.</param>
    /// <param name="message">The message's bytes; without them it is empty.</param>
    public static async Task<StatusCode> CallAsync(GrpcChannel channel, string method, Metadata? metadata = null, params byte[] message)
    {
        using AsyncDuplexStreamingCall<byte[], byte[]> call = Open(channel, method, metadata);
        try
        {
            await SendAsync(call, message);
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }

    /// <summary>Sends one message, closes, and answers the failure that the call ends with.</summary>
    /// <param name="channel">To which server.</param>
    /// <param name="method">As of <see cref="CallAsync"/>.</param>
    /// <param name="metadata">What is sent with it.</param>
    /// <param name="message">The message's bytes; without them it is empty.</param>
    public static Task<Failure> FailAsync(GrpcChannel channel, string method, Metadata? metadata = null, params byte[] message) =>
        Failure.OfAsync(async () =>
        {
            using AsyncDuplexStreamingCall<byte[], byte[]> call = Open(channel, method, metadata);
            await SendAsync(call, message);
        });

    /// <summary>Sends one message and reads to the call's end.</summary>
    public static async Task SendAsync(GrpcChannel channel, string method, byte[] message)
    {
        using AsyncDuplexStreamingCall<byte[], byte[]> call = Open(channel, method, null);
        await SendAsync(call, message);
    }

    private static AsyncDuplexStreamingCall<byte[], byte[]> Open(GrpcChannel channel, string method, Metadata? metadata)
    {
        string[] path = method.Contains('/', StringComparison.Ordinal) ? method.Split('/') : [UserService.Descriptor.FullName, method];
        return channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, path[0], path[1], Bytes, Bytes),
            null,
            new CallOptions(metadata, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static async Task SendAsync(AsyncDuplexStreamingCall<byte[], byte[]> call, params byte[] message)
    {
        try
        {
            await call.RequestStream.WriteAsync(message);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or IOException or InvalidOperationException)
        {
            // The call was refused before it was sent; why, its response says.
        }

        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
        }
    }
}
