using System.Text.RegularExpressions;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Cli.Breaks;

/// <summary>users import over a link that breaks: every user is created once, and the sum says so.</summary>
public sealed partial class ImportResumeTests(RestartableServer server) : IClassFixture<RestartableServer>, IAsyncLifetime
{
    // Two calls: 10 000 users are about 1 130 000 bytes.
    private const int Users = 15_000;
    private const long InTheSecondCall = 1_350_000;
    private readonly TestFolder _folder = new();
    private readonly string _tag = $"{Guid.NewGuid():n}";
    private string _file = "";
    // Whose id is before all of the test's.
    private User _before = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.StartIfEndedAsync();
        _before = await server.Client.AddUserAsync("Ada");
        _file = _folder.File("people.csv");
        await File.WriteAllLinesAsync(
            _file, Enumerable.Range(0, Users).Select(number => $"Person {number},{Email(number)}").Prepend("name,email"), Token);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Cut_again_and_again()
    {
        await using var proxy = new TcpProxy(
            server, new(InTheSecondCall, Fault.Kind.Cut), new(200_000, Fault.Kind.Cut), new(0, Fault.Kind.Cut), new(300_000, Fault.Kind.Cut));

        await using ChildProcess client = await UserctlProcess.RunAsync(proxy.Address, "import", _file);

        await AssertCreatedOnceAsync(client);
        Assert.Equal(4, client.Error.All.Count(line => line.StartsWith("The connection broke; sending ", StringComparison.Ordinal)));
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Stalled_until_the_peer_counts_as_gone()
    {
        await using var proxy = new TcpProxy(server, new Fault(InTheSecondCall, Fault.Kind.Stall));

        await using ChildProcess client = await UserctlProcess.RunAsync(proxy.Address, "import", _file, "--keep-alive", "6");

        await AssertCreatedOnceAsync(client);
        Assert.StartsWith("The connection broke; sending 5000 users from line 10002 on again in ", Assert.Single(client.Error.All));
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Delayed()
    {
        await using var proxy = new TcpProxy(server) { Delay = TimeSpan.FromMilliseconds(5) };

        await using ChildProcess client = await UserctlProcess.RunAsync(proxy.Address, "import", _file);

        await AssertCreatedOnceAsync(client, existing: 0);
        Assert.Empty(client.Error.All);
    }

    [Theory]
    [LongFormData(false)]
    [InlineData(true)]
    public async Task Through_a_restart_of_the_server_and_once_more(bool isKilled)
    {
        await using var proxy = new TcpProxy(server, new Fault(InTheSecondCall, Fault.Kind.Hold));
        await using ChildProcess client = UserctlProcess.Start(proxy.Address, "import", _file);
        await proxy.Stuck.Task.WaitAsync(ChildProcess.Patience, Token);

        await server.EndAsync(isKilled);
        proxy.Release.SetResult();
        await client.Error.FirstAsync(" users from line ");
        await server.StartAgainAsync();

        await AssertCreatedOnceAsync(client);
        await using ChildProcess again = await UserctlProcess.RunAsync(server.Address, "import", _file);
        Assert.Equal($"0 created, {Users} already there, 0 refused, 0 bad lines.", Assert.Single(again.Output.All));
    }

    [Fact]
    public async Task Of_a_client_that_was_killed_in_the_middle_the_next_one_does_the_rest()
    {
        await using var proxy = new TcpProxy(server, new Fault(InTheSecondCall, Fault.Kind.Hold));
        await using ChildProcess killed = UserctlProcess.Start(proxy.Address, "import", _file);
        await proxy.Stuck.Task.WaitAsync(ChildProcess.Patience, Token);

        await killed.KillAsync();
        proxy.Cut();

        await using ChildProcess client = await UserctlProcess.RunAsync(server.Address, "import", _file);
        await AssertCreatedOnceAsync(client, atLeastExisting: 10_000);
    }

    private async Task AssertCreatedOnceAsync(ChildProcess client, int? existing = null, int atLeastExisting = 0)
    {
        Assert.True(await client.EndAsync() == 0, $"{client.Error}");
        Match sum = Sum().Match(Assert.Single(client.Output.All));
        Assert.True(sum.Success, $"{client.Output}");
        int there = int.Parse(sum.Groups[2].ValueSpan, null);
        Assert.Equal(Users, int.Parse(sum.Groups[1].ValueSpan, null) + there);
        Assert.InRange(there, existing ?? atLeastExisting, existing ?? Users - 1);
        IReadOnlyList<User> users = await server.Client.ListAsync(_before.Id);
        Assert.Equal(Enumerable.Range(0, Users).Select(Email).ToHashSet(), users.Select(user => user.Email).ToHashSet());
        Assert.Equal(Users, users.Count);
    }

    private string Email(int number) => $"{number}-{_tag}@example.com";

    [GeneratedRegex("^([0-9]+) created, ([0-9]+) already there, 0 refused, 0 bad lines\\.$")]
    private static partial Regex Sum();
}
