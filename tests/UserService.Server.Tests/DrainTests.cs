using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Users.Server.Tests;

/// <summary>What clients see between the signal to stop and the end.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task For_the_window_a_new_connection_is_accepted_and_its_calls_are_refused()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:DrainWindow=00:00:05");
        Task stopped = server.StopAsync();
        await time.WaitForTimerAsync(Window);

        foreach ((string method, Func<GrpcChannel, Task> call) in EveryMethod.Calls)
        {
            Failure failure = await Failure.OfAsync(() => call(server.Connect()));
            failure.AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
            Assert.Equal(TimeSpan.FromSeconds(1), failure.Detail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan());
            Assert.Equal("1000", failure.Trailers.GetValue("grpc-retry-pushback-ms"));
            Assert.Equal(LogLevel.Information, (await server.Log.WaitForCallAsync(method, "Unavailable")).Level);
        }

        Assert.False(stopped.IsCompleted);
        time.Advance(Window);
        await stopped;
        Failure gone = await Failure.OfAsync(new UserService.UserServiceClient(server.Connect()).GetUserAsync(new(), cancellationToken: Token));
        Assert.Equal((StatusCode.Unavailable, null), (gone.Code, gone.Reason));
    }

    [Fact]
    public async Task For_the_window_health_is_NOT_SERVING_and_the_process_alive_to_who_asks_on_a_new_connection()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:DrainWindow=00:00:05");
        Task stopped = server.StopAsync();
        await time.WaitForTimerAsync(Window);
        Health.HealthClient health = new(server.Connect());
        using var http = new HttpClient();

        foreach (string service in (string[])["", UserService.Descriptor.FullName])
        {
            Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new() { Service = service }, cancellationToken: Token)).Status);
            using AsyncServerStreamingCall<HealthCheckResponse> watch = health.Watch(new() { Service = service }, cancellationToken: Token);
            Assert.Equal([ServingStatus.NotServing], await watch.ResponseStream.ReadAllAsync(Token).Select(answer => answer.Status).ToListAsync(Token));
        }

        using HttpResponseMessage ready = await http.GetAsync(new Uri(server.HttpAddress + "/health/ready"), Token);
        using HttpResponseMessage live = await http.GetAsync(new Uri(server.HttpAddress + "/health/live"), Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
        Assert.False(stopped.IsCompleted);
        time.Advance(Window);
        await stopped;
    }

    [Theory]
    [InlineData("CreateUsers", false)]
    [InlineData("CreateUsers", true)]
    [InlineData("ChatUsers", false)]
    [InlineData("ChatUsers", true)]
    public async Task Open_streams_end_with_SHUTTING_DOWN_with_and_without_a_deadline(string method, bool hasDeadline)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Func<Task> read = await OpenStream.BeginAsync(
            server, method, server.Client, await server.AddUserAsync(), Token, hasDeadline ? DateTime.UtcNow.AddHours(1) : null);

        Task stopped = server.StopAsync();
        Failure failure = await Failure.OfAsync(read);
        await stopped;

        failure.AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        Assert.NotNull(failure.Detail<Google.Rpc.RetryInfo>().RetryDelay);
    }

    [Fact]
    public async Task A_list_that_is_read_comes_to_its_end()
    {
        var time = new ManualTime();
        await using RunningServer server = await StartAsync(time);
        await server.FillAsync(2_000);
        using AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token);
        Assert.True(await list.ResponseStream.MoveNext(Token));

        Task stopped = server.StopAsync();
        await time.WaitForTimerAsync(Grace / 2);

        Assert.Equal(2_000 - 1, await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token));
        await EndAsync(time, stopped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_half_of_the_grace_a_list_ends_with_SHUTTING_DOWN_with_and_without_a_deadline(bool hasDeadline)
    {
        var time = new ManualTime();
        await using RunningServer server = await StartAsync(time);
        await server.FillAsync(2_000);
        Func<Task> read = await OpenStream.BeginAsync(
            server, "ListUsers", server.Client, await server.AddUserAsync(), Token, hasDeadline ? DateTime.UtcNow.AddHours(1) : null);
        Task stopped = server.StopAsync();
        await time.WaitForTimerAsync(Grace / 2);

        time.Advance(Grace / 2);

        (await Failure.OfAsync(read)).AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        await EndAsync(time, stopped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_whose_reader_is_stalled_is_reset_after_the_grace_and_its_connection_goes_on(bool hasDeadline)
    {
        var time = new ManualTime();
        await using RunningServer server = await StartAsync(time);
        DateTime? deadline = hasDeadline ? DateTime.UtcNow.AddHours(1) : null;
        using StalledList stalled = await StalledList.OpenAsync(server, deadline: deadline);
        Task stopped = server.StopAsync();
        await time.WaitForTimerAsync(Grace / 2);
        time.Advance(Grace / 2);
        await time.WaitForTimerAsync(Grace / 2);

        time.Advance(Grace / 2);

        // The server is rid of it before its reader reads again.
        await server.Log.WaitForCallAsync("ListUsers", "Unavailable");
        await server.Log.WaitForAsync(line => line.Level == LogLevel.Warning && line.Text.StartsWith("1 streams did not end within 3 s", StringComparison.Ordinal));
        Assert.Equal(StatusCode.Unavailable, (await stalled.FailAsync()).Code);
        (await Failure.OfAsync(stalled.Client.GetUserAsync(new(), cancellationToken: Token))).AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        await EndAsync(time, stopped);
    }

    [Fact]
    public async Task A_running_unary_call_finishes()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:DrainWindow=00:00:05", "--Limits:StoreBusy=00:01:00");
        using var held = new HeldDatabase(server);
        using AsyncUnaryCall<User> create = server.Client.CreateUserAsync(new() { Name = "Ada", Email = "ada@example.com" }, cancellationToken: Token);
        await held.WaitForWriterAsync();

        Task stopped = server.StopAsync();
        await time.WaitForTimerAsync(Window);
        (await Failure.OfAsync(server.Client.GetUserAsync(new(), cancellationToken: Token))).AssertIs(StatusCode.Unavailable, "SHUTTING_DOWN");
        held.Dispose();

        Assert.Equal("Ada", (await create).Name);
        time.Advance(Window);
        await stopped;
    }

    private static Task<RunningServer> StartAsync(ManualTime time) =>
        RunningServer.StartAsync(time, "--Limits:DrainWindow=00:00:05", "--Limits:StreamGrace=00:00:03");

    private static async Task EndAsync(ManualTime time, Task stopped)
    {
        await time.WaitForTimerAsync(Settle);
        time.Advance(Window);
        await stopped;
    }
}
