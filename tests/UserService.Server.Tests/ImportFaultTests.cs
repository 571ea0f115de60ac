using Grpc.Core;
using Users.Data;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>What an upload answers whose batches fail.</summary>
public sealed class ImportFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_failed_is_answered_before_a_fault_of_the_stream_after_it()
    {
        var time = new ManualTime();
        await using RunningServer server = await RunningServer.StartAsync(time, "--Limits:StoreBusy=00:00:01");
        server.Log.Expected = line => line.Text.Contains("ended Unavailable", StringComparison.Ordinal);
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import = server.Client.CreateUsers(cancellationToken: Token);
        await SendAsync(import, "first");
        await WaitForUsersAsync(server, UserRepository.MaxBatch);

        using (new HeldDatabase(server))
        {
            await SendAsync(import, "second");
            await server.Log.WaitForAsync(line => line.Text.StartsWith("A commit failed", StringComparison.Ordinal));
        }

        // Nothing more comes, so the stream has a fault of its own now.
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30));

        Failure failure = await Failure.OfAsync(() => import.ResponseAsync);
        failure.AssertIs(StatusCode.Unavailable, "STORE_BUSY");
        Assert.Equal(
            "The database is busy: the last that was sent is not written, what was sent before it may be. Try again later.", failure.Text);
        Assert.Equal(UserRepository.MaxBatch, await CountAsync(server));
    }

    [Fact]
    public async Task A_single_create_that_failed_says_that_nothing_was_written()
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:StoreBusy=00:00:01");
        server.Log.Expected = line => line.Category == "Users.Data.UserStore" || line.Text.Contains("ended Unavailable", StringComparison.Ordinal);
        using var held = new HeldDatabase(server);

        Failure failure = await Failure.OfAsync(() => server.AddUserAsync());

        Assert.Equal("The database is busy: nothing was written. Try again later.", failure.AssertIs(StatusCode.Unavailable, "STORE_BUSY").Text);
    }

    private static async Task SendAsync(AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import, string name)
    {
        for (int i = 0; i < UserRepository.MaxBatch; i++)
        {
            await import.RequestStream.WriteAsync(new() { Name = name, Email = $"{name}.{i}@example.com" }, Token);
        }
    }

    private static async Task WaitForUsersAsync(RunningServer server, int count)
    {
        while (await CountAsync(server) < count)
        {
            await Task.Yield();
        }
    }

    private static async Task<int> CountAsync(RunningServer server) =>
        (await server.Store.Users.ReadPageAsync(null, 2 * UserRepository.MaxBatch, Token)).Count;
}
