using Grpc.Core;

namespace Users.Server.Tests.Support;

/// <summary>A second gRPC service, as a copier adds one beside the first. It answers with the request, or as a test says.</summary>
[BindServiceMethod(typeof(OtherService), nameof(Bind))]
public class OtherService(Func<byte[], ServerCallContext, Task<byte[]>>? answer = null, DuplexStreamingServerMethod<byte[], byte[]>? talk = null)
{
    public const string Method = "orders.v1.Orders/Ask";

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static void Bind(ServiceBinderBase binder, OtherService? _)
    {
        binder.AddMethod(new Method<byte[], byte[]>(MethodType.Unary, "orders.v1.Orders", nameof(Ask), Bytes, Bytes), (UnaryServerMethod<byte[], byte[]>?)null!);
        binder.AddMethod(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, "orders.v1.Orders", nameof(Talk), Bytes, Bytes),
            (DuplexStreamingServerMethod<byte[], byte[]>?)null!);
    }

    public virtual Task<byte[]> Ask(byte[] request, ServerCallContext context) => answer?.Invoke(request, context) ?? Task.FromResult(request);

    public virtual Task Talk(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context) =>
        talk?.Invoke(requests, responses, context) ?? Task.CompletedTask;
}
