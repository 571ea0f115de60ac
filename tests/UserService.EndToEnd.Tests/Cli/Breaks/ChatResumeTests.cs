using Grpc.Core;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Cli.Breaks;

/// <summary>users chat over a link that breaks: every line is said once, every message shown once, in the room's order.</summary>
public sealed class ChatResumeTests(RestartableServer server) : IClassFixture<RestartableServer>, IAsyncLifetime
{
    private const string Back = "Back in the room.";
    private readonly string _room = $"{Guid.NewGuid()}";
    private User _ada = null!;
    private User _alan = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.StartIfEndedAsync();
        _ada = await server.Client.AddUserAsync("Ada");
        _alan = await server.Client.AddUserAsync("Alan");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    // Long before all is said, and while the lines of the call before are still said again.
    [InlineData(20_000)]
    [LongFormData(2_000)]
    [LongFormData(5_000)]
    public async Task Cut_again_and_again(int bytes)
    {
        const int Cuts = 4;
        string[] lines = Lines(1_500);
        await using var proxy = new TcpProxy(
            server, [.. Enumerable.Repeat(new Fault(bytes, Fault.Kind.Cut), Cuts), new(0, Fault.Kind.Cut)]);
        await using ChildProcess client = Join(proxy.Address);

        await SayAsync(client, lines);

        await AssertSaidOnceAsync(client, lines);
        Assert.True(client.Error.All.Count(line => line.Contains("joining again", StringComparison.Ordinal)) == Cuts + 1, $"{client.Error}");
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Stalled_until_the_peer_counts_as_gone()
    {
        string[] lines = Lines(200);
        await using var proxy = new TcpProxy(server, new Fault(8_000, Fault.Kind.Stall));
        await using ChildProcess client = Join(proxy.Address, "--keep-alive", "6");

        await SayAsync(client, lines);

        await AssertSaidOnceAsync(client, lines);
        Assert.Contains(Back, client.Error.All);
    }

    [Fact(Skip = Kills.LongForm, SkipUnless = nameof(Kills.AreAsked), SkipType = typeof(Kills))]
    public async Task Delayed()
    {
        string[] lines = Lines(100);
        await using var proxy = new TcpProxy(server) { Delay = TimeSpan.FromMilliseconds(20) };
        await using ChildProcess client = Join(proxy.Address);

        await SayAsync(client, lines);

        await AssertSaidOnceAsync(client, lines);
        Assert.Empty(client.Error.All);
    }

    [Theory]
    [LongFormData(false)]
    [InlineData(true)]
    public async Task Through_a_restart_of_the_server_what_is_typed_meanwhile_is_said_afterwards(bool isKilled)
    {
        await using ChildProcess client = Join(server.Address);
        await client.Input.WriteLineAsync("before");
        await client.Output.FirstAsync("#1 Ada: before");

        await server.EndAsync(isKilled);
        await client.Error.FirstAsync("joining again in ");
        await client.Input.WriteLineAsync("meanwhile");
        await server.StartAgainAsync();
        await client.Error.FirstAsync(Back);
        await SpeakAsync(_alan.Id, "hello");
        await client.Output.FirstAsync("Alan: hello");
        await client.Input.WriteLineAsync("after");

        client.Input.Close();
        Assert.Equal(0, await client.EndAsync());
        Assert.Equal(["after", "before", "hello", "meanwhile"], (await HistoryAsync()).Select(message => message.Message).Order(StringComparer.Ordinal));
        await AssertShownAsync(client);
    }

    [Fact]
    public async Task In_json_only_messages_are_on_standard_output()
    {
        await using var proxy = new TcpProxy(server);
        await using ChildProcess client = Join(proxy.Address, "--json");
        await client.Input.WriteLineAsync("one");
        await client.Output.FirstAsync("\"one\"");

        proxy.Cut();

        await client.Error.FirstAsync("""{"note":"Back in the room."}""");
        await client.Input.WriteLineAsync("two");
        client.Input.Close();
        Assert.Equal(0, await client.EndAsync());
        Assert.Equal(["one", "two"], client.Output.All.Select(line => ChatMessage.Parser.ParseJson(line).Message));
        Assert.All(client.Error.All, line => Assert.StartsWith("{\"note\":\"", line));
    }

    private static string[] Lines(int count) => [.. Enumerable.Range(1, count).Select(number => $"line {number}")];

    private static async Task SayAsync(ChildProcess client, string[] lines)
    {
        // The first alone: from what is heard on, the client knows where in the room it is.
        await client.Input.WriteLineAsync(lines[0]);
        await client.Input.FlushAsync(Token);
        await client.Output.FirstAsync(lines[0]);
        await client.Input.WriteAsync(string.Concat(lines[1..].Select(line => line + "\n")).AsMemory(), Token);
        client.Input.Close();
    }

    private ChildProcess Join(string address, params string[] options)
    {
        ChildProcess client = UserctlProcess.Start(address, ["chat", "--as", _ada.Id, "--room", _room, .. options]);
        client.Input.AutoFlush = true;
        return client;
    }

    private async Task AssertSaidOnceAsync(ChildProcess client, string[] lines)
    {
        Assert.True(await client.EndAsync() == 0, $"{client.Error}");
        Assert.Equal(lines, (await HistoryAsync()).Select(message => message.Message));
        await AssertShownAsync(client);
    }

    private async Task AssertShownAsync(ChildProcess client) => Assert.Equal(
        (await HistoryAsync()).Select(message => $"#{message.Sequence} {(message.UserId == _ada.Id ? "Ada" : "Alan")}: {message.Message}"),
        client.Output.All);

    private Task<List<ChatMessage>> HistoryAsync() => server.Client.ReadRoomAsync(_ada.Id, _room);

    private async Task SpeakAsync(string id, string text)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = server.Client.ChatUsers(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new() { UserId = id, Room = _room, Message = text }, Token);
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(Token))
        {
        }
    }
}
