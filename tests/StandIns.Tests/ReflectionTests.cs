using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Reflection;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StandIns.Tests.Colors;
using StandIns.Tests.Echo;
using StandIns.Tests.Shapes;

namespace StandIns.Tests;

/// <summary>What the protocol's own documentation says of each request and its errors, in both versions.</summary>
public sealed class ReflectionTests
{
    private static readonly SymbolRegistry Registry = SymbolRegistry.FromFiles([ShapesReflection.Descriptor, EchoReflection.Descriptor]);

    public static TheoryData<string> Versions => ["v1", "v1alpha"];

    public static TheoryData<string, ServerReflectionRequest> Unknown =>
        new MatrixTheoryData<string, ServerReflectionRequest>(["v1", "v1alpha"],
        [
            new() { FileByFilename = "nowhere.proto" },
            new() { FileContainingSymbol = "shapes.v1.Nothing" },
            new() { FileContainingSymbol = "shapes.v1" },
            new() { FileContainingExtension = new() { ContainingType = "colors.v1.Color", ExtensionNumber = 199 } },
            new() { FileContainingExtension = new() { ContainingType = "colors.v1.Nothing", ExtensionNumber = 101 } },
            new() { AllExtensionNumbersOfType = "colors.v1.Nothing" },
        ]);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_file_comes_with_all_that_it_imports_each_once(string version)
    {
        await using EchoTest echo = await StartShapesAsync();

        ServerReflectionResponse answer = await ReflectionStream.AskAsync(echo, version, new() { FileByFilename = "shapes.proto" });

        Assert.Equal("shapes.proto", ReflectionStream.Files(answer)[0].Name);
        Assert.Equal(["colors.proto", "google/protobuf/timestamp.proto", "shapes.proto"], ReflectionStream.Files(answer).Select(file => file.Name).Order());
    }

    [Theory]
    [InlineData("shapes.v1.Shape", "shapes.proto")]
    [InlineData("shapes.v1.Shape.Corner", "shapes.proto")]
    [InlineData("shapes.v1.Shape.Corner.x", "shapes.proto")]
    [InlineData("shapes.v1.Shape.size", "shapes.proto")]
    [InlineData("shapes.v1.Shape.Kind", "shapes.proto")]
    [InlineData("shapes.v1.Shape.ROUND", "shapes.proto")]
    [InlineData("shapes.v1.Style", "shapes.proto")]
    [InlineData("shapes.v1.PLAIN", "shapes.proto")]
    [InlineData("shapes.v1.outline", "shapes.proto")]
    [InlineData("shapes.v1.Shape.inside", "shapes.proto")]
    [InlineData("colors.v1.Color", "colors.proto")]
    [InlineData("google.protobuf.Timestamp", "google/protobuf/timestamp.proto")]
    public async Task Every_kind_of_symbol_is_found_in_imports_too(string symbol, string file)
    {
        await using EchoTest echo = await StartShapesAsync();

        ServerReflectionResponse answer = await ReflectionStream.AskAsync(echo, "v1", new() { FileContainingSymbol = symbol });

        Assert.Equal(file, ReflectionStream.Files(answer)[0].Name);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_file_of_an_extension_is_found_by_type_and_number(string version)
    {
        await using EchoTest echo = await StartShapesAsync();

        foreach (int number in new[] { 101, 120 })
        {
            ServerReflectionResponse answer = await ReflectionStream.AskAsync(
                echo, version, new() { FileContainingExtension = new() { ContainingType = "colors.v1.Color", ExtensionNumber = number } });

            Assert.Equal("shapes.proto", ReflectionStream.Files(answer)[0].Name);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_numbers_of_all_extensions_of_a_type_are_told(string version)
    {
        await using EchoTest echo = await StartShapesAsync();

        ServerReflectionResponse extended = await ReflectionStream.AskAsync(echo, version, new() { AllExtensionNumbersOfType = "colors.v1.Color" });
        ServerReflectionResponse plain = await ReflectionStream.AskAsync(echo, version, new() { AllExtensionNumbersOfType = "colors.v1.Plain" });

        Assert.Equal("colors.v1.Color", extended.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Equal([101, 120], extended.AllExtensionNumbersResponse.ExtensionNumber.Order());
        Assert.Equal("colors.v1.Plain", plain.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Empty(plain.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Theory]
    [MemberData(nameof(Unknown), DisableDiscoveryEnumeration = true)]
    public async Task What_does_not_exist_is_NOT_FOUND_and_the_stream_goes_on(string version, ServerReflectionRequest request)
    {
        await using EchoTest echo = await StartShapesAsync();
        using ReflectionStream stream = new(echo.Channel, version);

        ServerReflectionResponse answer = await stream.AskAsync(request);
        ServerReflectionResponse next = await stream.AskAsync(new() { FileByFilename = "colors.proto" });

        Assert.Equal((int)StatusCode.NotFound, answer.ErrorResponse.ErrorCode);
        Assert.NotEmpty(answer.ErrorResponse.ErrorMessage);
        Assert.Equal("colors.proto", ReflectionStream.Files(next)[0].Name);
        Assert.Equal(StatusCode.OK, (await stream.EndAsync()).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_request_for_nothing_is_INVALID_ARGUMENT_and_the_stream_goes_on(string version)
    {
        await using EchoTest echo = await StartShapesAsync();
        using ReflectionStream stream = new(echo.Channel, version);

        ServerReflectionResponse answer = await stream.AskAsync(new() { Host = "example.com" });
        ServerReflectionResponse next = await stream.AskAsync(new() { ListServices = "" });

        Assert.Equal((int)StatusCode.InvalidArgument, answer.ErrorResponse.ErrorCode);
        Assert.Equal(["echo.v1.EchoService"], next.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal(StatusCode.OK, (await stream.EndAsync()).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_answer_names_its_request_with_fields_that_nobody_knows(string version)
    {
        await using EchoTest echo = await StartShapesAsync();
        byte[] unknownField = [0xF8, 0x07, 0x01];
        var request = ServerReflectionRequest.Parser.ParseFrom(
            [.. new ServerReflectionRequest { Host = "example.com", FileByFilename = "colors.proto" }.ToByteArray(), .. unknownField]);

        ServerReflectionResponse answer = await ReflectionStream.AskAsync(echo, version, request);

        Assert.Equal("colors.proto", ReflectionStream.Files(answer)[0].Name);
        Assert.Equal("example.com", answer.ValidHost);
        Assert.Equal(request.ToByteArray(), answer.OriginalRequest.ToByteArray());
    }

    [Fact]
    public void A_registry_finds_files_by_name_and_symbol_or_nothing()
    {
        Assert.Same(ColorsReflection.Descriptor, Registry.FileByName("colors.proto"));
        Assert.Same(Timestamp.Descriptor.File, Registry.FileContainingSymbol("google.protobuf.Timestamp"));
        Assert.Null(Registry.FileByName("Colors.proto"));
        Assert.Null(Registry.FileContainingSymbol("Color"));
    }

    /// <summary>Reflection on what the test names, instead of on what is mapped.</summary>
    private static Task<EchoTest> StartShapesAsync() => EchoTest.StartAsync(new EchoServer
    {
        AddServices = services => services
            .AddSingleton(new ReflectionServiceImpl(["echo.v1.EchoService"], Registry))
            .AddSingleton(new ReflectionV1ServiceImpl(["echo.v1.EchoService"], Registry)),
        Map = app =>
        {
            app.MapGrpcService<ReflectionServiceImpl>();
            app.MapGrpcService<ReflectionV1ServiceImpl>();
        },
    });
}
