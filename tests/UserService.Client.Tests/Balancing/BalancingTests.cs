using Grpc.Core;
using Grpc.Net.Client;
using Users.Client.Connection;
using Users.Client.Tests.Support;
using Users.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Users.Client.Tests.Balancing;

public sealed class BalancingTests : IAsyncLifetime
{
    private Replica _a = null!;
    private Replica _b = null!;

    public async ValueTask InitializeAsync() => (_a, _b) = (await Replica.StartAsync("a"), await Replica.StartAsync("b"));

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_go_to_each_server_in_turn(bool hasScheme)
    {
        using GrpcChannel channel = Open(hasScheme ? $"http://127.0.0.1:{_a.Address.Port},http://127.0.0.1:{_b.Address.Port}" : Both);
        await UntilAsync(channel, "ab", "ba");

        string names = await CallAsync(channel, 10);

        Assert.Contains(names, (string[])["ababababab", "bababababa"]);
    }

    [Fact]
    public async Task A_server_that_says_it_is_not_serving_gets_no_calls_until_it_is_again()
    {
        using GrpcChannel channel = await OpenBothAsync();

        _a.Say(ServingStatus.NotServing);
        await UntilAsync(channel, "bb");
        Assert.Equal("bbbbbbbbbb", await CallAsync(channel, 10));

        _a.Say(ServingStatus.Serving);
        await UntilAsync(channel, "aba", "bab");
    }

    [Fact]
    public async Task Where_all_say_so_all_get_calls()
    {
        using GrpcChannel channel = await OpenBothAsync();
        _a.Say(ServingStatus.NotServing);
        await UntilAsync(channel, "bb");

        _b.Say(ServingStatus.ServiceUnknown);

        await UntilAsync(channel, "aba", "bab");
    }

    [Fact]
    public async Task A_watch_that_ends_is_begun_again_and_what_it_said_holds_until_then()
    {
        using GrpcChannel channel = await OpenBothAsync();
        _a.Say(ServingStatus.NotServing);
        await UntilAsync(channel, "bb");

        _a.EndWatch();
        while (_a.Watches < 2)
        {
            Assert.Equal("b", await CallAsync(channel, 1));
        }

        Assert.Equal("bb", await CallAsync(channel, 2));
        _a.Say(ServingStatus.Serving);
        await UntilAsync(channel, "aba", "bab");
    }

    [Fact]
    public async Task A_server_that_does_not_tell_its_health_gets_calls()
    {
        await using Replica silent = await Replica.StartAsync("s", tellsHealth: false);
        using GrpcChannel channel = Open($"127.0.0.1:{silent.Address.Port},127.0.0.1:{_b.Address.Port}");
        await UntilAsync(channel, "sb", "bs");

        _b.Say(ServingStatus.NotServing);

        await UntilAsync(channel, "ss");
        Assert.Equal("ssssssssss", await CallAsync(channel, 10));
        Assert.Equal(1, silent.Watches);
    }

    [Fact]
    public async Task A_server_that_goes_away_costs_no_call()
    {
        using GrpcChannel channel = await OpenBothAsync();

        await _a.DisposeAsync();

        Assert.Equal("bbbbbbbbbb", await CallAsync(channel, 10));
    }

    [Fact]
    public async Task No_server_there_is_unavailable()
    {
        using var nobody = new FreePort();
        using var nobodyElse = new FreePort();
        ServerAddress address = ServerAddress.TryParse($"{nobody.Address.Authority},{nobodyElse.Address.Authority}")!;
        using GrpcChannel channel = UsersChannel.Open(address);

        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, 1));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(
            $"No server at {address} is available: nobody listens there; start one, or name another with --address.",
            await TransportFault.DescribeAsync(failure, address, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_name_is_looked_up()
    {
        using GrpcChannel channel = Open($"dns:///localhost:{_a.Address.Port}");

        Assert.Equal("aa", await CallAsync(channel, 2));
        Assert.Equal($"localhost:{_a.Address.Port}", _a.Calls.First(call => call.Method == "GetUser").Headers["host"]);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_said()
    {
        ServerAddress address = ServerAddress.TryParse("dns:///no-such-host.invalid:50051")!;
        using GrpcChannel channel = UsersChannel.Open(address);

        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, 1));

        Assert.Equal(
            "The name no-such-host.invalid does not resolve; name another server with --address.",
            await TransportFault.DescribeAsync(failure, address, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_token_goes_with_calls_and_not_with_the_watch()
    {
        using GrpcChannel channel = UsersChannel.Open(
            ServerAddress.TryParse(Both)!, token: BearerToken.Credentials(_ => Task.FromResult("secret")));
        await UntilAsync(channel, "ab", "ba");
        while (_a.Watches == 0)
        {
            await CallAsync(channel, 1);
        }

        Assert.All(_a.Calls, call => Assert.Equal(call.Method == "GetUser", call.Headers.ContainsKey("authorization")));
    }

    private string Both => $"127.0.0.1:{_a.Address.Port},127.0.0.1:{_b.Address.Port}";

    private static GrpcChannel Open(string address) => UsersChannel.Open(ServerAddress.TryParse(address)!);

    /// <summary>A channel that has found both.</summary>
    private async Task<GrpcChannel> OpenBothAsync()
    {
        GrpcChannel channel = Open(Both);
        await UntilAsync(channel, "ab", "ba");
        return channel;
    }

    /// <summary>Calls until the names of the servers that answered end with one of these.</summary>
    private static async Task UntilAsync(GrpcChannel channel, params string[] ends)
    {
        string names = "";
        while (!ends.Any(end => names.EndsWith(end, StringComparison.Ordinal)))
        {
            names += await CallAsync(channel, 1);
        }
    }

    private static async Task<string> CallAsync(GrpcChannel channel, int count)
    {
        UserService.UserServiceClient client = channel.CreateClient(TimeSpan.FromSeconds(30));
        string names = "";
        for (int i = 0; i < count; i++)
        {
            names += (await client.GetUserAsync(new(), cancellationToken: TestContext.Current.CancellationToken)).Name;
        }

        return names;
    }
}
