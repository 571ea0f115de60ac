using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests;

/// <summary>A client that is gone without a word: no packet says so, and only the server's own pings find it out.</summary>
public sealed class VanishedClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // All at once, as each waits for the server's pings.
    [Fact]
    public Task A_client_that_vanishes_is_noticed_and_leaves_nothing_behind() =>
        Task.WhenAll(((string[])["ListUsers", "CreateUsers", "ChatUsers"]).Select(VanishAsync));

    private static async Task VanishAsync(string method)
    {
        await using RunningServer server = await RunningServer.StartAsync("--Limits:KeepAliveDelay=00:00:01", "--Limits:KeepAliveTimeout=00:00:01");
        await server.FillAsync(2_000);
        User user = await server.AddUserAsync();
        server.ReleaseClient();
        await server.Counts.WaitForNothingAsync();
        using var relay = new SilentRelay(server.Address);
        using var channel = GrpcChannel.ForAddress(relay.Address);
        await OpenStream.BeginAsync(server, method, new(channel), user, Token);

        relay.Silence();

        Assert.Equal(LogLevel.Debug, (await server.Log.WaitForCallAsync(method, "Cancelled")).Level);
        await server.Counts.WaitForNothingAsync();
        Assert.Equal(0, server.Store.Chat.RoomCount);
    }
}
