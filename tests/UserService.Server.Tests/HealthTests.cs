using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Users.Server.Tests;

/// <summary>grpc.health.v1, as load balancers and orchestrators read it.</summary>
public sealed class HealthTests
{
    private const string Service = "users.v1.UserService";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_and_its_service_are_SERVING()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Health.HealthClient health = new(server.Connect());

        Assert.Equal(ServingStatus.Serving, await CheckAsync(health, ""));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(health, Service));
        await server.Log.WaitForAsync(line =>
            line.Level == LogLevel.Debug && line.Text.StartsWith("/grpc.health.v1.Health/Check ended OK ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_is_not_served_is_NOT_FOUND_and_SERVICE_UNKNOWN_to_who_watches_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Health.HealthClient health = new(server.Connect());

        Assert.Equal(StatusCode.NotFound, (await Failure.OfAsync(() => CheckAsync(health, "users.v2.UserService"))).Code);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Watch(health, "users.v2.UserService");
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_NOT_SERVING_to_all_who_ask_and_all_who_watch()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Log.Expected = IsUnhealthy;
        Health.HealthClient health = new(server.Connect());
        await RunPeriodicChecksAsync(server);
        using AsyncServerStreamingCall<HealthCheckResponse> ofServer = Watch(health, "");
        using AsyncServerStreamingCall<HealthCheckResponse> ofService = Watch(health, Service);
        Assert.Equal(ServingStatus.Serving, await NextAsync(ofServer));
        Assert.Equal(ServingStatus.Serving, await NextAsync(ofService));

        await server.Store.DisposeAsync();

        Assert.Equal(ServingStatus.NotServing, await CheckAsync(health, ""));
        await server.Log.WaitForAsync(line => line.Text == "The database cannot be read: the server is not ready" && line.Exception is not null);
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(health, Service));
        await RunPeriodicChecksAsync(server);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(ofServer, after: ServingStatus.Serving));
        Assert.Equal(ServingStatus.NotServing, await NextAsync(ofService, after: ServingStatus.Serving));
    }

    [Fact]
    public async Task Shutting_down_ends_a_watch_with_NOT_SERVING_and_OK()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Watch(new(server.Connect()), Service);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        Task stopped = server.StopAsync();

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch, after: ServingStatus.Serving));
        Assert.False(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.OK, watch.GetStatus().StatusCode);
        await stopped;
    }

    [Fact]
    public async Task While_other_calls_are_refused_at_shutdown_health_is_answered()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Health.HealthClient health = new(server.Connect());

        server.SignalStop();

        (await Failure.OfAsync(server.Client.GetUserAsync(new(), cancellationToken: Token))).AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(health, ""));
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Watch(health, "");
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.False(await watch.ResponseStream.MoveNext(Token));
    }

    /// <summary>What the store's check says.</summary>
    internal static bool IsUnhealthy(LogLine line) => line.Text.StartsWith("The database cannot be read", StringComparison.Ordinal);

    private static async Task<ServingStatus> CheckAsync(Health.HealthClient health, string service) =>
        (await health.CheckAsync(new() { Service = service }, cancellationToken: Token)).Status;

    private static AsyncServerStreamingCall<HealthCheckResponse> Watch(Health.HealthClient health, string service) =>
        health.Watch(new() { Service = service }, cancellationToken: Token);

    // The library may send the status that it began with twice.
    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus? after = null)
    {
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(Token));
        }
        while (watch.ResponseStream.Current.Status == after);
        return watch.ResponseStream.Current.Status;
    }

    // What the framework does for those who watch, every 5 seconds.
    private static async Task RunPeriodicChecksAsync(RunningServer server)
    {
        HealthReport report = await server.Get<HealthCheckService>().CheckHealthAsync(Token);
        await server.Get<IHealthCheckPublisher>().PublishAsync(report, Token);
    }
}
