using Grpc.AspNetCore.Server;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace StandIns.Tests;

/// <summary>Watch: the status at once, then each change of it.</summary>
public sealed class HealthWatchTests
{
    [Fact]
    public async Task A_change_reaches_everyone_who_watches_that_service()
    {
        HealthCheckResult result = HealthCheckResult.Healthy();
        await using HealthTest health = await HealthTest.StartAsync(
            checks => checks.AddCheck("changing", () => result),
            options => options.Services.Map("mapped", _ => true));
        HealthWatch[] watches = [health.Watch(), health.Watch(), health.Watch("mapped")];
        foreach (HealthWatch watch in watches)
        {
            Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
        }

        result = HealthCheckResult.Unhealthy();
        await health.PublishAsync();

        foreach (HealthWatch watch in watches)
        {
            Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
            watch.Dispose();
        }
    }

    [Fact]
    public async Task A_status_that_stays_is_told_once()
    {
        HealthCheckResult result = HealthCheckResult.Healthy();
        await using HealthTest health = await HealthTest.StartAsync(checks => checks.AddCheck("changing", () => result));
        using HealthWatch watch = health.Watch();
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());

        for (int i = 0; i < 10; i++)
        {
            await health.PublishAsync();
            // A round trip, in which the watch would have been told again.
            Assert.Equal(ServingStatus.Serving, await health.CheckAsync());
        }

        result = HealthCheckResult.Unhealthy();
        await health.PublishAsync();

        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
    }

    [Fact]
    public async Task The_framework_publishes_by_itself()
    {
        await using HealthTest health = await HealthTest.StartAsync(
            checks => checks.AddCheck("good", () => HealthCheckResult.Healthy()),
            options => options.UseHealthChecksCache = true,
            services => services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = TimeSpan.Zero));
        using HealthWatch watch = health.Watch();

        while (await watch.NextAsync() != ServingStatus.Serving)
        {
        }

        Assert.Equal(ServingStatus.Serving, await health.CheckAsync());
    }

    [Fact]
    public async Task An_unknown_service_is_SERVICE_UNKNOWN_until_it_is_known_and_again_when_it_is_gone()
    {
        await using HealthTest health = await HealthTest.StartAsync();
        HealthServiceImpl statuses = health.Server.Services.GetRequiredService<HealthServiceImpl>();
        using HealthWatch watch = health.Watch("late");
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextAsync());

        statuses.SetStatus("other", ServingStatus.NotServing);
        statuses.SetStatus("late", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());

        statuses.ClearStatus("late");
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextAsync());

        statuses.SetStatus("late", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());

        statuses.ClearAll();
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextAsync());
    }

    [Fact]
    public async Task A_slow_watcher_holds_nobody_up_and_learns_the_latest()
    {
        GatedWrites.Gate gate = new();
        await using HealthTest health = await HealthTest.StartAsync(
            addServices: services => services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<GatedWrites>(gate)));
        HealthServiceImpl statuses = health.Server.Services.GetRequiredService<HealthServiceImpl>();
        statuses.SetStatus("busy", ServingStatus.Serving);
        using HealthWatch slow = health.Watch("busy");
        await gate.Reached.Task.WaitAsync(EchoTest.Cancel);

        for (int i = 0; i < 1_000; i++)
        {
            statuses.SetStatus("busy", i % 2 == 0 ? ServingStatus.Unknown : ServingStatus.Serving);
        }

        statuses.SetStatus("busy", ServingStatus.NotServing);
        gate.Opened.SetResult();

        int told = 1;
        while (await slow.NextAsync() != ServingStatus.NotServing)
        {
            told++;
        }

        Assert.InRange(told, 2, 10);
    }

    [Fact]
    public async Task What_is_published_while_a_watch_begins_is_newer_than_the_check_that_it_began_with()
    {
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<HealthCheckResult> old = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using HealthTest health = await HealthTest.StartAsync(checks => checks.AddAsyncCheck("slow", () =>
        {
            began.TrySetResult();
            return old.Task;
        }));
        using HealthWatch watch = health.Watch();
        await began.Task.WaitAsync(EchoTest.Cancel);

        health.Server.Services.GetRequiredService<HealthServiceImpl>().SetStatus("", ServingStatus.NotServing);
        old.SetResult(HealthCheckResult.Healthy());

        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
    }

    [Fact]
    public async Task Shutting_down_ends_each_watch_with_NOT_SERVING_and_OK()
    {
        await using HealthTest health = await HealthTest.StartAsync(checks => checks.AddCheck("good", () => HealthCheckResult.Healthy()));
        using HealthWatch known = health.Watch();
        using HealthWatch unknown = health.Watch("unknown");
        Assert.Equal(ServingStatus.Serving, await known.NextAsync());
        Assert.Equal(ServingStatus.ServiceUnknown, await unknown.NextAsync());

        Task stopped = health.Server.StopAsync();

        Assert.Equal(ServingStatus.NotServing, await known.NextAsync());
        await known.AssertEndsOkAsync();
        Assert.Equal(ServingStatus.NotServing, await unknown.NextAsync());
        await unknown.AssertEndsOkAsync();
        await stopped;
    }

    [Fact]
    public async Task A_watch_that_begins_while_the_server_stops_is_told_so_and_ends()
    {
        await using HealthTest health = await HealthTest.StartAsync(checks => checks.AddCheck("good", () => HealthCheckResult.Healthy()));
        Stop(health);

        using HealthWatch watch = health.Watch();

        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
        await watch.AssertEndsOkAsync();
    }

    [Fact]
    public async Task With_completion_suppressed_a_watch_outlives_the_signal_to_stop()
    {
        await using HealthTest health = await HealthTest.StartAsync(_ => { }, options => options.SuppressCompletionOnShutdown = true);
        using HealthWatch watch = health.Watch();
        Assert.Equal(ServingStatus.Unknown, await watch.NextAsync());

        Stop(health);
        health.Server.Services.GetRequiredService<HealthServiceImpl>().SetStatus("", ServingStatus.Serving);

        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
    }

    [Fact]
    public async Task A_watch_that_its_client_ends_disturbs_no_other()
    {
        await using HealthTest health = await HealthTest.StartAsync();
        HealthServiceImpl statuses = health.Server.Services.GetRequiredService<HealthServiceImpl>();
        HealthWatch gone = health.Watch("watched");
        using HealthWatch stays = health.Watch("watched");
        Assert.Equal(ServingStatus.ServiceUnknown, await gone.NextAsync());
        Assert.Equal(ServingStatus.ServiceUnknown, await stays.NextAsync());

        gone.Dispose();
        statuses.SetStatus("watched", ServingStatus.Serving);

        Assert.Equal(ServingStatus.Serving, await stays.NextAsync());
    }

    // The signal alone: nobody waits for the server, which goes on serving.
    private static void Stop(HealthTest health) => health.Server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
}
