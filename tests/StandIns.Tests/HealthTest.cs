using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace StandIns.Tests;

/// <summary>A server that tells its health, from checks whose results a test sets.</summary>
internal sealed class HealthTest(EchoTest echo) : IAsyncDisposable
{
    public EchoServer Server => echo.Server;

    public Health.HealthClient Client { get; } = new(echo.Channel);

    private static CancellationToken Cancel => EchoTest.Cancel;

    public static async Task<HealthTest> StartAsync(
        Action<IHealthChecksBuilder>? addChecks = null, Action<GrpcHealthChecksOptions>? options = null, Action<IServiceCollection>? addServices = null) =>
        new(await EchoTest.StartAsync(new EchoServer
        {
            AddServices = services =>
            {
                // The first periodic run is far away: tests publish when they like, unless they say otherwise.
                services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = TimeSpan.FromHours(1));
                IHealthChecksBuilder checks = options is null ? services.AddGrpcHealthChecks() : services.AddGrpcHealthChecks(options);
                addChecks?.Invoke(checks);
                addServices?.Invoke(services);
            },
            Map = app => app.MapGrpcHealthChecksService(),
        }));

    /// <summary>What the framework does periodically: runs all checks and hands the report to each publisher.</summary>
    public async Task PublishAsync()
    {
        HealthReport report = await Server.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        foreach (IHealthCheckPublisher publisher in Server.Services.GetServices<IHealthCheckPublisher>())
        {
            await publisher.PublishAsync(report, Cancel);
        }
    }

    public async Task<ServingStatus> CheckAsync(string service = "") =>
        (await Client.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancel)).Status;

    public HealthWatch Watch(string service = "") => new(Client.Watch(new HealthCheckRequest { Service = service }, cancellationToken: Cancel));

    public ValueTask DisposeAsync() => echo.DisposeAsync();
}

internal sealed class HealthWatch(AsyncServerStreamingCall<HealthCheckResponse> call) : IDisposable
{
    public async Task<ServingStatus> NextAsync()
    {
        Assert.True(await call.ResponseStream.MoveNext(EchoTest.Cancel));
        return call.ResponseStream.Current.Status;
    }

    public async Task AssertEndsOkAsync()
    {
        Assert.False(await call.ResponseStream.MoveNext(EchoTest.Cancel));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    public void Dispose() => call.Dispose();
}
