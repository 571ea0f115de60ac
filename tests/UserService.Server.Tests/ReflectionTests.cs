using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>What a tool that has no proto file learns from the server.</summary>
public sealed class ReflectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task The_services_that_are_served_are_listed_and_no_others(string version)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using ReflectionStream reflection = new(server.Connect(), version);

        Assert.Equivalent(
            (string[])["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "users.v1.RoomService", "users.v1.UserService"],
            await reflection.ListServicesAsync(),
            strict: true);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task The_service_is_told_with_all_its_methods_and_messages(string version)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using ReflectionStream reflection = new(server.Connect(), version);

        FileDescriptor file = await reflection.FindAsync("users.v1.UserService");

        ServiceDescriptor service = Assert.Single(file.Services);
        Assert.Equal(
            UserService.Descriptor.Methods.Select(method => (method.Name, method.IsClientStreaming, method.IsServerStreaming)),
            service.Methods.Select(method => (method.Name, method.IsClientStreaming, method.IsServerStreaming)));
        // By their bytes: only one of them knows the options of google.api.
        Assert.Equal(UsersReflection.Descriptor.SerializedData, file.SerializedData);
    }

    [Fact]
    public async Task Every_detail_that_an_error_carries_can_be_resolved()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Failure[] failures =
        [
            await Failure.OfAsync(server.Client.GetUserAsync(new() { Id = "nonsense" }, cancellationToken: Token)),
            await Failure.OfAsync(server.Client.GetUserAsync(new() { Id = Guid.NewGuid().ToString() }, cancellationToken: Token)),
        ];
        using ReflectionStream reflection = new(server.Connect(), "v1");

        string[] types = [.. failures.SelectMany(failure => failure.Details!.Details).Select(detail => Any.GetTypeName(detail.TypeUrl)).Distinct()];

        Assert.Equal(["google.rpc.BadRequest", "google.rpc.ErrorInfo", "google.rpc.ResourceInfo"], types.Order());
        foreach (string type in (string[])[.. types, "google.rpc.RetryInfo", "google.rpc.RequestInfo", "google.rpc.Status"])
        {
            FileDescriptor file = await reflection.FindAsync(type);
            Assert.Contains(type, file.MessageTypes.Select(message => message.FullName));
        }
    }

    [Fact]
    public async Task A_symbol_that_is_not_served_is_refused_and_the_stream_goes_on()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using ReflectionStream reflection = new(server.Connect(), "v1");

        Assert.Equal(StatusCode.NotFound, await reflection.RefusalOfAsync("users.v1.NoSuchMessage"));
        Assert.Contains("users.v1.UserService", await reflection.ListServicesAsync());
    }

    [Fact]
    public async Task Shutting_down_ends_the_stream_like_any_other()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using ReflectionStream reflection = new(server.Connect(), "v1");
        await reflection.ListServicesAsync();

        Task stopped = server.StopAsync();
        Failure failure = await Failure.OfAsync(() => reflection.ReadToEndAsync());
        await stopped;

        Assert.Equal(StatusCode.Unavailable, failure.Code);
    }
}
