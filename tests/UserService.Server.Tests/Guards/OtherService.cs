using Grpc.Core;

namespace Users.Server.Tests.Guards;

/// <summary>A second gRPC service, as a copier adds one: the table of permissions has no line for it.</summary>
[BindServiceMethod(typeof(OtherService), nameof(Bind))]
public class OtherService
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static void Bind(ServiceBinderBase binder, OtherService? _) =>
        binder.AddMethod(new Method<byte[], byte[]>(MethodType.Unary, "orders.v1.Orders", nameof(Ask), Bytes, Bytes), (UnaryServerMethod<byte[], byte[]>?)null!);

    public virtual Task<byte[]> Ask(byte[] request, ServerCallContext _) => Task.FromResult(request);
}
