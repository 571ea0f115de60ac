using Grpc.Core;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Cli.Breaks;

/// <summary>users list and users export over a link that breaks: every user once, in order, and said on standard error.</summary>
public sealed class ListResumeTests(RestartableServer server) : IClassFixture<RestartableServer>, IAsyncLifetime
{
    // About 120 bytes each: more than what HTTP/2 and the sockets hold on the way.
    private const int Users = 6_000;
    private const string Note = "going on after ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.StartIfEndedAsync();
        if ((await server.Client.ListAsync()).Count > 0)
        {
            // The first of the tests made them.
            return;
        }

        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> upload = server.Client.CreateUsers(cancellationToken: Token);
        for (int i = 0; i < Users; i++)
        {
            await upload.RequestStream.WriteAsync(new() { Name = $"User {i}", Email = $"{i}@example.com" }, Token);
        }

        await upload.RequestStream.CompleteAsync();
        Assert.Equal(Users, (await upload).UserCount);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [LongFormData("list")]
    [InlineData("list", "--json", "--limit", "5000")]
    [LongFormData("export")]
    public async Task Cut_again_and_again(params string[] command)
    {
        await using var proxy = new TcpProxy(server, [.. Enumerable.Repeat(new Fault(100_000, Fault.Kind.Cut), 3), new(0, Fault.Kind.Cut)]);

        await using ChildProcess client = await UserctlProcess.RunAsync(proxy.Address, command);

        await AssertWholeAsync(client, command);
        Assert.Equal(5, proxy.Connections);
        // The one that is refused at once, the channel itself tries again.
        Assert.Equal(3, client.Error.All.Count(line => line.Contains(Note, StringComparison.Ordinal)));
    }

    [Theory]
    [LongFormData("list")]
    [InlineData("export")]
    public async Task Stalled_until_the_peer_counts_as_gone(string command)
    {
        await using var proxy = new TcpProxy(server, new Fault(100_000, Fault.Kind.Stall));

        await using ChildProcess client = await UserctlProcess.RunAsync(proxy.Address, command, "--keep-alive", "6");

        await AssertWholeAsync(client, command);
        Assert.Contains("The connection broke; going on after ", Assert.Single(client.Error.All));
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Delayed()
    {
        await using var proxy = new TcpProxy(server) { Delay = TimeSpan.FromMilliseconds(20) };

        await using ChildProcess client = await UserctlProcess.RunAsync(proxy.Address, "list");

        await AssertWholeAsync(client, "list");
        Assert.Empty(client.Error.All);
    }

    [Theory]
    [LongFormData("list", true)]
    [InlineData("export", false)]
    public async Task Through_a_restart_of_the_server(string command, bool isKilled)
    {
        await using var proxy = new TcpProxy(server, new Fault(100_000, Fault.Kind.Hold));
        await using ChildProcess client = UserctlProcess.Start(proxy.Address, command);
        await proxy.Stuck.Task.WaitAsync(ChildProcess.Patience, Token);

        await server.EndAsync(isKilled);
        proxy.Release.SetResult();
        await client.Error.FirstAsync(Note);
        await server.StartAgainAsync();

        await client.EndAsync();
        await AssertWholeAsync(client, command);
    }

    private async Task AssertWholeAsync(ChildProcess client, params string[] command)
    {
        Assert.True(await client.EndAsync() == 0, $"{client.Error}");
        IEnumerable<string> ids = (await server.Client.ListAsync()).Select(user => user.Id);
        int wanted = command.Contains("--limit") ? 5_000 : Users;
        string[] lines = [.. client.Output.All.Skip(command[0] == "export" ? 1 : 0)];
        Assert.Equal(ids.Take(wanted), lines.Select(line => command.Contains("--json") ? User.Parser.ParseJson(line).Id : line[..36]));
    }
}
