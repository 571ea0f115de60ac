using Grpc.Net.Client;
using Users.Client.Connection;
using Users.EndToEnd.Tests.Killing;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.PostgreSql.Rolling;

/// <summary>Clients of every pattern, which go on while servers come and go, and know in the end what has to be there.</summary>
internal sealed class RollingLoad : IDisposable
{
    private const string Room = "lobby";
    private const int UnaryClients = 4;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = new();
    private readonly Progress _progress = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly GrpcChannel _channel;
    private readonly Tool _userctl;
    private readonly UnaryClient[] _unary;
    private readonly ImportClient _import;
    private ChatClient[] _chats = [];
    private User[] _speakers = [];
    private Task[] _running = [];

    /// <param name="address">Of the servers, or of what stands before them.</param>
    /// <param name="random">Chooses what the clients do.</param>
    /// <param name="ca">Whom to trust in TLS.</param>
    public RollingLoad(string address, Random random, string? ca = null)
    {
        _channel = UsersChannel.Open(ServerAddress.TryParse(address)!, tls: new TlsFiles(ca));
        Client = _channel.CreateClient(Deadline);
        _unary = [.. Enumerable.Range(0, UnaryClients).Select(_ => new UnaryClient(Client, new Random(random.Next()), _progress))];
        _userctl = new Tool(address, ca);
        _import = new ImportClient(_userctl, _folder);
    }

    public UserService.UserServiceClient Client { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        _speakers = [await Client.AddUserAsync("Ada"), await Client.AddUserAsync("Ben")];
        _chats = [.. _speakers.Select(speaker => new ChatClient(_userctl, Room, speaker))];
        _running =
        [
            .. _unary.Select(load => load.RunAsync(_stop.Token)),
            _import.RunAsync(_stop.Token),
            .. _chats.Select(chat => chat.RunAsync(_stop.Token)),
        ];
    }

    /// <summary>Waits until so many calls more were answered.</summary>
    public Task ProgressAsync(int calls) => WhileAsync(_progress.MakeAsync(calls));

    /// <summary>Waits for something, unless a client fails before.</summary>
    public async Task WhileAsync(Task work)
    {
        Task first = await Task.WhenAny([work, .. _running]).WaitAsync(ChildProcess.Patience, Token);
        await first;
        await work;
    }

    /// <summary>Ends the clients, and checks that all is there that they were answered, and nothing else.</summary>
    /// <returns>How many answers were lost with a server, and found by reading.</returns>
    public async Task<int> EndAsync(string what)
    {
        await ProgressAsync(100);
        await _stop.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(ChildProcess.Patience, Token);
        await AssertUsersAsync();
        await AssertRoomAsync();
        int resolved = _unary.Sum(load => load.Resolved) + _import.Resolved;
        TestContext.Current.SendDiagnosticMessage(
            "{0}: 0 of {1} unary calls and {2} lists failed, {3} users imported, {4} messages said once; {5} chats went on, {6} answers were found by reading.",
            what, _unary.Sum(load => load.Calls - load.Lists), _unary.Sum(load => load.Lists), _import.Emails.Count,
            _chats.Sum(chat => chat.Said.Count), _chats.Sum(chat => chat.Resumed), resolved);
        return resolved;
    }

    public void Dispose()
    {
        _channel.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task AssertUsersAsync()
    {
        IReadOnlyList<User> found = await Client.ListAsync();
        var kept = _unary.SelectMany(load => load.Users).Concat(_speakers).ToDictionary(user => user.Id);
        Assert.True(kept.Values.ToHashSet().IsSubsetOf(found));
        Assert.Equal(
            _import.Emails.Order(StringComparer.Ordinal),
            found.Where(user => !kept.ContainsKey(user.Id)).Select(user => user.Email).Order(StringComparer.Ordinal));
    }

    private async Task AssertRoomAsync()
    {
        List<ChatMessage> log = await Client.ReadRoomAsync(_speakers[0].Id, Room);
        foreach ((ChatClient chat, User speaker) in _chats.Zip(_speakers))
        {
            Assert.True(chat.Said.SequenceEqual(log.Where(message => message.UserId == speaker.Id).Select(message => message.Message)), speaker.Name);
            // The chat joins where the room ends, and leaves when all that it said has come back.
            Assert.True(chat.Heard.SequenceEqual(log.Skip((int)chat.Heard[0].Sequence - 1).Take(chat.Heard.Count)), speaker.Name);
        }
    }
}
