using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StandIns.Tests.Echo;

namespace StandIns.Tests;

/// <summary>Reflection as an application adds it: on what it has mapped.</summary>
public sealed class ReflectionMappingTests
{
    public static TheoryData<string> Versions => ["v1", "v1alpha"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_services_that_are_mapped_are_listed_and_no_others(string version)
    {
        await using EchoTest echo = await StartMappedAsync();

        ServerReflectionResponse answer = await ReflectionStream.AskAsync(echo, version, new() { ListServices = "*" });

        Assert.Equal(
            ["echo.v1.EchoService", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"],
            answer.ListServicesResponse.Service.Select(service => service.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_mapped_service_is_found_with_its_messages(string version)
    {
        await using EchoTest echo = await StartMappedAsync();

        foreach (string symbol in new[] { "echo.v1.EchoService", "echo.v1.EchoService.Unary", "echo.v1.Note", "echo.v1.Note.text" })
        {
            ServerReflectionResponse answer = await ReflectionStream.AskAsync(echo, version, new() { FileContainingSymbol = symbol });

            Assert.Equal(["echo.proto"], ReflectionStream.Files(answer).Select(file => file.Name));
        }
    }

    [Fact]
    public async Task The_generated_client_of_v1alpha_is_answered_too()
    {
        await using EchoTest echo = await StartMappedAsync();
        using AsyncDuplexStreamingCall<Grpc.Reflection.V1Alpha.ServerReflectionRequest, Grpc.Reflection.V1Alpha.ServerReflectionResponse> call =
            new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(echo.Channel).ServerReflectionInfo(cancellationToken: EchoTest.Cancel);

        await call.RequestStream.WriteAsync(new() { FileByFilename = "echo.proto" }, EchoTest.Cancel);
        Assert.True(await call.ResponseStream.MoveNext(EchoTest.Cancel));

        Assert.Equal([EchoReflection.Descriptor.SerializedData], call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task A_service_that_no_proto_file_describes_is_left_out()
    {
        Method<string, string> method = new(MethodType.Unary, "bare.Service", "Do", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        ServerServiceDefinition bare = ServerServiceDefinition.CreateBuilder().AddMethod(method, (request, _) => Task.FromResult(request)).Build();
        await using EchoTest echo = await EchoTest.StartAsync(new EchoServer
        {
            AddServices = services => services.AddGrpcReflection(),
            Map = app =>
            {
                app.MapGrpcReflectionService();
                app.MapGrpcService(bare);
            },
        });

        ServerReflectionResponse answer = await ReflectionStream.AskAsync(echo, "v1", new() { ListServices = "" });

        Assert.Contains("echo.v1.EchoService", answer.ListServicesResponse.Service.Select(service => service.Name));
        Assert.DoesNotContain("bare.Service", answer.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Fact]
    public async Task What_is_said_of_the_mapping_holds_for_both_versions()
    {
        await using EchoTest echo = await EchoTest.StartAsync(new EchoServer
        {
            AddServices = services => services.AddGrpcReflection(),
            Map = app => app.MapGrpcReflectionService().WithMetadata(new Mark()),
        });

        Assert.Equal(
            ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"],
            echo.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<Mark>() is not null)
                .Select(endpoint => endpoint.RoutePattern.RawText)
                .Where(path => path?.Contains("ServerReflectionInfo", StringComparison.Ordinal) is true)
                .Order());
    }

    private static Task<EchoTest> StartMappedAsync() => EchoTest.StartAsync(new EchoServer
    {
        AddServices = services => services.AddGrpcReflection(),
        Map = app => app.MapGrpcReflectionService(),
    });

    private sealed class Mark;
}
