using System.Reflection;
using Grpc.Core;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

public sealed class ServiceBindingTests
{
    [Fact]
    public void Generated_code_binds_every_method_with_its_kind()
    {
        ListingBinder binder = new();
        EchoService.BindService(binder, null);

        Assert.Equal(["Unary Unary", "ServerStreaming ServerStream", "ClientStreaming ClientStream", "DuplexStreaming Duplex"], binder.Bound);
    }

    [Fact]
    public void A_generated_base_class_says_where_its_bind_method_is()
    {
        BindServiceMethodAttribute? attribute = typeof(EchoGrpcService).GetCustomAttribute<BindServiceMethodAttribute>();

        Assert.Equal((typeof(EchoService), "BindService"), (attribute?.BindType, attribute?.BindMethodName));
    }

    [Fact]
    public void A_service_cannot_have_the_same_method_twice()
    {
        Method<string, string> method = new(MethodType.Unary, "s", "m", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.CreateBuilder()
            .AddMethod(method, (request, _) => Task.FromResult(request));

        Assert.Throws<ArgumentException>(() => builder.AddMethod(method, (request, _) => Task.FromResult(request)));
    }

    private sealed class ListingBinder : ServiceBinderBase
    {
        public List<string> Bound { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Add(method);

        private void Add(IMethod method) => Bound.Add($"{method.Type} {method.Name}");
    }
}
