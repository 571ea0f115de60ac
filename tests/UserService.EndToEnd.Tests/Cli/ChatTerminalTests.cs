using Grpc.Core;
using Users.EndToEnd.Tests.Cli.Support;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Cli;

/// <summary>People who chat, each at a real terminal, through a real server.</summary>
public sealed class ChatTerminalTests(RestartableServer server) : IClassFixture<RestartableServer>, IAsyncLifetime
{
    private const string Empty = ">";

    private readonly string _room = $"{Guid.NewGuid():n}"[..8];
    private TestFolder _folder = null!;
    private Terminals _terminals = null!;
    private string _ada = "";
    private string _alan = "";
    private string _grace = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Terminals.SkipUnlessInstalled();
        await server.StartIfEndedAsync();
        _folder = new TestFolder();
        _terminals = new Terminals(_folder);
        _ada = (await server.Client.AddUserAsync("Ada Lovelace")).Id;
        _alan = (await server.Client.AddUserAsync("Alan Turing")).Id;
        _grace = (await server.Client.AddUserAsync("Grace Hopper")).Id;
    }

    public async ValueTask DisposeAsync()
    {
        await _terminals.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Three_people_see_every_message_in_one_order_with_its_speaker_s_name()
    {
        Terminal ada = await JoinAsync(_ada);
        Terminal alan = await JoinAsync(_alan);
        Terminal grace = await JoinAsync(_grace);

        // All at once: the server says who was first.
        await Task.WhenAll(
            TalkAsync(ada, "Shall we begin?", "It weaves algebraic patterns."),
            TalkAsync(alan, "Can machines think?", "We can only see a short distance ahead."),
            TalkAsync(grace, "I found a moth.", "It is taped into the log."));

        string[] heard = await MessagesAsync(ada, 6);
        Assert.Equal(heard, await MessagesAsync(alan, 6));
        Assert.Equal(heard, await MessagesAsync(grace, 6));
        Assert.Equal(Enumerable.Range(1, 6).Select(number => $"#{number}"), heard.Select(line => line.Split(' ')[0]));
        Assert.Equal(
            [
                "Ada Lovelace: It weaves algebraic patterns.",
                "Ada Lovelace: Shall we begin?",
                "Alan Turing: Can machines think?",
                "Alan Turing: We can only see a short distance ahead.",
                "Grace Hopper: I found a moth.",
                "Grace Hopper: It is taped into the log.",
            ],
            heard.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal));
        Assert.True(Array.FindIndex(heard, line => line.EndsWith("begin?", StringComparison.Ordinal))
            < Array.FindIndex(heard, line => line.EndsWith("patterns.", StringComparison.Ordinal)));

        await grace.PressAsync("C-d");
        Assert.Equal(0, await grace.EndAsync());
        await alan.SayAsync("/quit");
        Assert.Equal(0, await alan.EndAsync());
        await ada.PressAsync("C-c");
        Assert.Equal(130, await ada.EndAsync());
        Assert.Equal(heard, await MessagesAsync(grace, 6));
        Assert.DoesNotContain(Empty, await grace.RowsAsync());
    }

    [Fact]
    public async Task A_line_half_typed_survives_what_arrives_whole()
    {
        Terminal ada = await JoinAsync(_ada);
        Terminal alan = await JoinAsync(_alan);
        await ada.TypeAsync("half a thouht");
        await ada.PressAsync("Left", "Left");
        await ada.ShowsAsync("> half a thouht");

        await TalkAsync(alan, "one", "two", "three");

        // The line being typed is drawn anew after each message, and not in the same write.
        string[] rows = await ada.WaitAsync(rows => rows.Contains("#3 Alan Turing: three") && rows[^1].StartsWith('>'));
        Assert.Equal(["#1 Alan Turing: one", "#2 Alan Turing: two", "#3 Alan Turing: three", "> half a thouht"], rows[1..]);
        await ada.SayAsync("g");
        await alan.ShowsAsync("#4 Ada Lovelace: half a thought");
        await ada.WaitAsync(rows => rows.Contains("#4 Ada Lovelace: half a thought") && rows[^1] == Empty);
    }

    [Fact]
    public async Task Accents_wide_characters_and_emoji_are_typed_and_taken_back_whole()
    {
        Terminal ada = await JoinAsync(_ada);
        await ada.TypeAsync("é日本👋");
        await ada.ShowsAsync("> é日本👋");
        await ada.PressAsync("BSpace");
        await ada.ShowsAsync("> é日本");
        await ada.PressAsync("BSpace", "Left", "!");
        await ada.ShowsAsync("> é!日");

        await ada.PressAsync("Enter");

        await ada.ShowsAsync("#1 Ada Lovelace: é!日");
    }

    [Fact]
    public async Task A_narrow_terminal_keeps_a_long_line_in_one_row_and_says_all_of_it()
    {
        const string Long = "The Analytical Engine has no pretensions whatever to originate anything.";
        Terminal ada = await JoinAsync(_ada, columns: 40);
        Terminal alan = await JoinAsync(_alan);
        await ada.TypeAsync(Long);
        string row = "> <" + Long[^36..];
        await ada.ShowsAsync(row);

        await TalkAsync(alan, "It can do whatever we know how to order it to perform, and so on.");

        string[] rows = await ada.WaitAsync(rows => rows.Any(line => line.StartsWith("#1 ", StringComparison.Ordinal)) && rows[^1] == row);
        Assert.Equal(row, Assert.Single(rows, line => line.StartsWith('>')));
        Assert.Contains(
            "#1 Alan Turing: It can do whatever we know how to order it to perform, and so on.",
            string.Join(' ', rows.Select(line => line.TrimEnd())), StringComparison.Ordinal);
        await ada.PressAsync("Enter");
        await alan.ShowsAsync($"#2 Ada Lovelace: {Long}");
    }

    [Fact]
    public async Task Escape_sequences_in_a_message_or_a_name_change_nothing_on_the_screen()
    {
        Terminal ada = await JoinAsync(_ada);
        await ada.SayAsync("first");
        await ada.ShowsAsync("#1 Ada Lovelace: first");
        await ada.TypeAsync("typing");
        await ada.ShowsAsync("> typing");
        string title = await ada.AskAsync("pane_title");

        await SpeakAsync(_alan, "\e[2J\e[H\e]0;owned\a\rgone\r\n[red]> typed for you[/]\u202E\u009b2J");

        string[] rows = await ada.WaitAsync(rows => rows.Any(line => line.StartsWith("#2 ", StringComparison.Ordinal)) && rows[^1] == "> typing");
        Assert.Equal(
            [
                "#1 Ada Lovelace: first",
                @"#2 Alan Turing: \u001B[2J\u001B[H\u001B]0;owned\u0007\u000Dgone\u000D\u000A[red]> typed for you[/]\u202E\u009B2J",
                "> typing",
            ],
            rows[1..]);
        Assert.Equal(title, await ada.AskAsync("pane_title"));
    }

    [Fact]
    public async Task The_history_is_shown_with_after_and_a_deleted_speaker_by_the_id()
    {
        await SpeakAsync(_grace, "I was here.");
        await server.Client.DeleteUserAsync(new DeleteUserRequest { Id = _grace }, cancellationToken: Token);

        Terminal late = await JoinAsync(_alan);

        await late.ShowsAsync($"#1 ...{_grace[^8..]}: I was here.");
    }

    [Theory]
    [InlineData(null, 101, 1, "INVALID_ARGUMENT: ")]
    [LongFormData("01900000-0000-7000-8000-00000000dead", 1, 1, "NOT_FOUND: ")]
    public async Task A_refusal_ends_it_with_a_sentence_and_an_exit_code(string? id, int lengthOfRoom, int exitCode, string sentence)
    {
        Terminal terminal = await StartAsync(id ?? _ada, 200, [], room: new string('x', lengthOfRoom));

        Assert.Equal(exitCode, await terminal.EndAsync());
        string[] rows = await terminal.RowsAsync();
        Assert.Contains(rows, row => row.StartsWith(sentence, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => row.StartsWith('>') || row.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_that_is_too_long_costs_only_itself()
    {
        Terminal terminal = await StartAsync(_ada, 200, [], room: $"{Guid.NewGuid()}");
        await terminal.ShowsAsync(Empty);

        await terminal.SayAsync(new string('x', 4_001));
        await terminal.ShowsAsync("The line was not said: it has more than 4000 characters.");
        await terminal.SayAsync("short");

        await terminal.ShowsAsync("#1 Ada Lovelace: short");
    }

    [Theory]
    [LongFormData(false)]
    [InlineData(true)]
    public async Task Through_a_restart_of_the_server_the_line_being_typed_stays_and_is_said_afterwards(bool isKilled)
    {
        Terminal ada = await JoinAsync(_ada);
        await ada.SayAsync("first");
        await ada.ShowsAsync("#1 Ada Lovelace: first");
        await ada.TypeAsync("un");
        await ada.ShowsAsync("> un");

        await server.EndAsync(isKilled);
        await ada.WaitAsync(rows => rows.Any(row => row.Contains("; joining again in ", StringComparison.Ordinal)) && rows[^1] == "> un");
        await ada.SayAsync("finished");
        await ada.TypeAsync("next");
        await ada.WaitAsync(rows => rows[^1] == "> next");
        await server.StartAgainAsync();

        await ada.ShowsAsync("Back in the room.");
        string[] rows = await ada.WaitAsync(rows => rows.Contains("#2 Ada Lovelace: unfinished") && rows[^1] == "> next");
        Assert.Equal("> next", Assert.Single(rows, row => row.StartsWith('>')));
        Assert.Equal(2, rows.Count(row => row.StartsWith('#')));
        await ada.PressAsync("C-u", "C-d");
        Assert.Equal(0, await ada.EndAsync());
    }

    [Fact]
    public async Task What_is_typed_before_the_chat_begins_leaves_no_row_behind()
    {
        // The server answers when the test says so.
        await using var proxy = new TcpProxy(server, new Fault(0, Fault.Kind.Hold));
        Terminal ada = await StartAsync(_ada, 140, [], proxy.Address);
        await proxy.Stuck.Task.WaitAsync(ChildProcess.Patience, Token);
        await ada.ReadsKeysAsync();
        await ada.TypeAsync("early");

        proxy.Release.SetResult();

        string[] rows = await ada.ShowsAsync("> early");
        Assert.Equal("> early", Assert.Single(rows, row => row.Contains("early", StringComparison.Ordinal)));
    }

    [Theory]
    [LongFormData(0, "/quit", "Enter")]
    [LongFormData(0, "C-d")]
    [InlineData(130, "C-c")]
    [InlineData(3, "lost", "Enter", "C-d")]
    public async Task Leaving_does_not_wait_for_a_server_that_is_away(int exitCode, params string[] keys)
    {
        await using var proxy = new TcpProxy(server);
        Terminal ada = await JoinAsync(_ada, address: proxy.Address);
        await ada.SayAsync("first");
        await ada.ShowsAsync("#1 Ada Lovelace: first");
        // Nobody listens there any more.
        await proxy.DisposeAsync();
        await ada.WaitAsync(rows => rows.Any(row => row.Contains("; joining again in ", StringComparison.Ordinal)));

        await ada.PressAsync(keys);

        Assert.Equal(exitCode, await ada.EndAsync());
        string[] rows = await ada.RowsAsync();
        Assert.DoesNotContain(rows, row => row.StartsWith('>'));
        Assert.Equal(exitCode == 3, rows.Contains("1 of your lines did not come back; --after 1 shows whether they were stored."));
    }

    private async Task<Terminal> JoinAsync(string id, int columns = 140, string? address = null)
    {
        // From the beginning, so that nobody misses what is said while they start.
        Terminal terminal = await StartAsync(id, columns, ["--after", "0"], address);
        await terminal.WaitAsync(rows => rows.Length > 1 && rows[^1].StartsWith('>'));
        await terminal.ReadsKeysAsync();
        return terminal;
    }

    private Task<Terminal> StartAsync(string id, int columns, string[] options, string? address = null, string? room = null) => _terminals.RunAsync(
        columns,
        [
            ChildProcess.DotnetHost, UserctlProcess.Dll,
            "chat", "--address", address ?? server.Address, "--as", id, "--room", room ?? _room, .. options,
        ]);

    private static async Task TalkAsync(Terminal terminal, params string[] lines)
    {
        foreach (string line in lines)
        {
            await terminal.SayAsync(line);
        }
    }

    private static async Task<string[]> MessagesAsync(Terminal terminal, int count)
    {
        static string[] Messages(string[] rows) => [.. rows.Where(row => row.StartsWith('#'))];
        return Messages(await terminal.WaitAsync(rows => Messages(rows).Length == count));
    }

    private async Task SpeakAsync(string id, string text)
    {
        using AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = server.Client.ChatUsers(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ChatMessage { UserId = id, Room = _room, Message = text }, Token);
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(Token))
        {
        }
    }
}
