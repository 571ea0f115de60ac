using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace StandIns.Tests;

/// <summary>Check and List: how the results of health checks become the status of services.</summary>
public sealed class HealthCheckTests
{
    public static TheoryData<HealthCheckResult[], ServingStatus> Results => new()
    {
        { [], ServingStatus.Unknown },
        { [HealthCheckResult.Healthy()], ServingStatus.Serving },
        { [HealthCheckResult.Degraded()], ServingStatus.Serving },
        { [HealthCheckResult.Unhealthy()], ServingStatus.NotServing },
        { [HealthCheckResult.Healthy(), HealthCheckResult.Unhealthy(), HealthCheckResult.Degraded()], ServingStatus.NotServing },
    };

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public async Task All_checks_together_are_the_health_of_the_server(HealthCheckResult[] results, ServingStatus expected)
    {
        await using HealthTest health = await HealthTest.StartAsync(checks =>
        {
            foreach ((int number, HealthCheckResult result) in results.Index())
            {
                checks.AddCheck($"check {number}", () => result);
            }
        });

        Assert.Equal(expected, await health.CheckAsync());
    }

    [Fact]
    public async Task A_check_that_throws_is_NOT_SERVING()
    {
        await using HealthTest health = await HealthTest.StartAsync(checks => checks.AddCheck("bad", () => throw new InvalidOperationException()));

        Assert.Equal(ServingStatus.NotServing, await health.CheckAsync());
    }

    [Fact]
    public async Task A_service_that_is_not_mapped_is_NOT_FOUND()
    {
        await using HealthTest health = await HealthTest.StartAsync(checks => checks.AddCheck("good", () => HealthCheckResult.Healthy()));

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync("echo.v1.EchoService"));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task A_service_is_as_healthy_as_the_checks_that_it_is_mapped_to_by_name_or_tag()
    {
        await using HealthTest health = await StartTwoServicesAsync();

        Assert.Equal(ServingStatus.NotServing, await health.CheckAsync());
        Assert.Equal(ServingStatus.Serving, await health.CheckAsync("by.name"));
        Assert.Equal(ServingStatus.NotServing, await health.CheckAsync("by.tag"));
        Assert.Equal(ServingStatus.Unknown, await health.CheckAsync("by.nothing"));
    }

    [Fact]
    public async Task A_later_mapping_of_a_name_replaces_the_earlier_one()
    {
        await using HealthTest health = await HealthTest.StartAsync(
            checks => checks.AddCheck("good", () => HealthCheckResult.Healthy()).AddCheck("bad", () => HealthCheckResult.Unhealthy()),
            options =>
            {
                options.Services.Map("", _ => false);
                options.Services.Map("", check => check.Name == "good");
                options.Services.Map("gone", _ => true);
                options.Services.Remove("gone");
                Assert.Single(options.Services);
            });

        Assert.Equal(ServingStatus.Serving, await health.CheckAsync());
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync("gone"))).StatusCode);
    }

    [Fact]
    public async Task All_mapped_services_are_listed_with_their_health()
    {
        await using HealthTest health = await StartTwoServicesAsync();

        HealthListResponse list = await health.Client.ListAsync(new HealthListRequest(), cancellationToken: EchoTest.Cancel);

        Assert.Equal(
            new Dictionary<string, ServingStatus>
            {
                [""] = ServingStatus.NotServing,
                ["by.name"] = ServingStatus.Serving,
                ["by.nothing"] = ServingStatus.Unknown,
                ["by.tag"] = ServingStatus.NotServing,
            },
            list.Statuses.ToDictionary(service => service.Key, service => service.Value.Status));
    }

    [Theory]
    [InlineData(99, StatusCode.OK)]
    [InlineData(100, StatusCode.ResourceExhausted)]
    public async Task More_than_a_hundred_services_are_too_many_to_list(int besideTheServer, StatusCode expected)
    {
        await using HealthTest health = await HealthTest.StartAsync(_ => { }, options =>
        {
            for (int i = 0; i < besideTheServer; i++)
            {
                options.Services.Map($"service {i}", _ => true);
            }
        });
        using AsyncUnaryCall<HealthListResponse> call = health.Client.ListAsync(new HealthListRequest(), cancellationToken: EchoTest.Cancel);

        await Record.ExceptionAsync(() => call.ResponseAsync);

        Assert.Equal(expected, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Each_call_runs_the_checks_that_it_needs_and_no_others()
    {
        List<string> ran = [];
        await using HealthTest health = await HealthTest.StartAsync(
            checks => checks
                .AddCheck("one", () => Add(ran, "one"))
                .AddCheck("two", () => Add(ran, "two")),
            options => options.Services.Map("first", check => check.Name == "one"));

        await health.CheckAsync("first");
        await health.CheckAsync("first");

        Assert.Equal(["one", "one"], ran);
    }

    [Fact]
    public async Task With_the_cache_the_answer_is_what_was_published_last()
    {
        HealthCheckResult result = HealthCheckResult.Healthy();
        await using HealthTest health = await HealthTest.StartAsync(
            checks => checks.AddCheck("check", () => result), options => options.UseHealthChecksCache = true);

        await health.PublishAsync();
        result = HealthCheckResult.Unhealthy();

        Assert.Equal(ServingStatus.Serving, await health.CheckAsync());
        Assert.Equal(ServingStatus.Serving, (await health.Client.ListAsync(new(), cancellationToken: EchoTest.Cancel)).Statuses[""].Status);
        using HealthWatch watch = health.Watch();
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
        await health.PublishAsync();
        Assert.Equal(ServingStatus.NotServing, await health.CheckAsync());
    }

    [Fact]
    public async Task The_status_of_a_service_can_be_set_and_cleared_by_hand()
    {
        await using HealthTest health = await HealthTest.StartAsync();
        HealthServiceImpl statuses = health.Server.Services.GetRequiredService<HealthServiceImpl>();

        statuses.SetStatus("own", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await health.CheckAsync("own"));

        statuses.ClearStatus("own");
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync("own"))).StatusCode);
    }

    private static Task<HealthTest> StartTwoServicesAsync() => HealthTest.StartAsync(
        checks => checks
            .AddCheck("good", () => HealthCheckResult.Healthy())
            .AddCheck("bad", () => HealthCheckResult.Unhealthy(), ["tagged"]),
        options =>
        {
            options.Services.Map("by.name", check => check.Name == "good");
            options.Services.Map("by.tag", check => check.Tags.Contains("tagged"));
            options.Services.Map("by.nothing", check => check.Name == "nothing");
        });

    private static HealthCheckResult Add(List<string> ran, string name)
    {
        ran.Add(name);
        return HealthCheckResult.Healthy();
    }
}
