using System.Globalization;
using Users.Data;
using Users.Server.Tests.Support;
using Users.Server.Users;
using Users.V1;
using User = Users.V1.User;

namespace Users.Server.Tests.FastPath;

/// <summary>
/// What each call may allocate on the fast path: a quarter more than was measured when the budget was set, which stands beside it. The tests are built
/// without optimisation, where state machines are objects and nothing is left out, so the shipped server allocates less.
/// </summary>
[Collection<Alone>]
public sealed class AllocationTests
{
    // Measured 409.
    private const int FoundUser = 512;

    // Measured 792.
    private const int GetUserMethod = 990;

    // Measured 3024.
    private const int GetUserCall = 3_780;

    // Measured 369.
    private const int ReadUser = 462;

    // Measured 521.
    private const int ListedUser = 652;

    // Measured 740.
    private const int IngestedUser = 925;

    // Measured 182.
    private const int DeliveredMessage = 228;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_is_found()
    {
        await using RunningServer server = await StartAsync();
        string id = (await server.AddUserAsync()).Id;

        AssertWithin(FoundUser, Allocations.OnThisThread(100, async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await server.Store.Users.FindAsync(id, Token);
            }
        }));
    }

    [Fact]
    public async Task GetUser_by_itself()
    {
        await using RunningServer server = await StartAsync();
        UserGrpcService service = server.Get<UserGrpcService>();
        var request = new GetUserRequest { Id = (await server.AddUserAsync()).Id };
        var context = new DirectCall(Token);

        AssertWithin(GetUserMethod, Allocations.OnThisThread(100, async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await service.GetUser(request, context);
            }
        }));
    }

    [Fact]
    public async Task GetUser_through_the_whole_server()
    {
        await using RunningServer server = await StartAsync();
        byte[] call = BareConnection.Call("GetUser", new GetUserRequest { Id = (await server.AddUserAsync()).Id });
        server.ReleaseClient();
        using var connection = new BareConnection(server.Address);

        AssertWithin(GetUserCall, await Allocations.InProcessAsync(1_000, () =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                Assert.True(connection.Send(call) > 36);
            }

            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task A_user_of_a_page()
    {
        await using RunningServer server = await StartAsync();
        await ListUsersTests.ImportAsync(server, 5_000);

        AssertWithin(ReadUser, Allocations.OnThisThread(5_000, async () =>
        {
            await foreach (IReadOnlyList<Data.User> page in server.Store.Users.ListPagesAsync(null, long.MaxValue, Token))
            {
                Assert.NotEmpty(page);
            }
        }));
    }

    [Fact]
    public async Task A_user_of_a_list()
    {
        await using RunningServer server = await StartAsync();
        await ListUsersTests.ImportAsync(server, 5_000);
        UserGrpcService service = server.Get<UserGrpcService>();

        AssertWithin(ListedUser, Allocations.OnThisThread(5_000, () => service.ListUsers(new(), new Drain<User>(), new DirectCall(Token))));
    }

    [Fact]
    public async Task A_user_of_an_upload()
    {
        const int Users = 5_000;
        await using RunningServer server = await StartAsync();
        UserGrpcService service = server.Get<UserGrpcService>();
        CreateUserRequest[] requests = [.. Enumerable.Range(0, Users).Select(i => new CreateUserRequest { Name = "Ada Lovelace" })];
        int run = 0;

        AssertWithin(IngestedUser, await Allocations.InProcessAsync(Users, async () =>
        {
            // New addresses, each of 27 characters; they are a part of what is measured.
            run++;
            for (int i = 0; i < Users; i++)
            {
                requests[i].Email = string.Create(CultureInfo.InvariantCulture, $"ada{run:000}.{i:00000000}@example.com");
            }

            CreateUsersResponse response = await service.CreateUsers(new SentMessages<CreateUserRequest>(requests), new DirectCall(Token));
            Assert.Equal(Users, response.UserCount);
        }));
    }

    [Fact]
    public async Task A_message_to_a_listener()
    {
        const int Listeners = 100;
        const int Posts = 10;
        await using RunningServer server = await StartAsync();
        UserGrpcService service = server.Get<UserGrpcService>();
        User ada = await server.AddUserAsync();
        NewMessage[] burst = [.. Enumerable.Repeat(new NewMessage(new string('x', 200)), ChatSubscription.MaxRead)];
        using var ended = new CancellationTokenSource();
        ChatMessage[] join = [new() { UserId = ada.Id, AfterSequence = 0 }];
        Drain<ChatMessage>[] listeners = [.. Enumerable.Range(0, Listeners).Select(_ => new Drain<ChatMessage>())];
        Task[] calls = [.. listeners.Select(listener =>
            service.ChatUsers(new SentMessages<ChatMessage>(join, isEnd: false), listener, new DirectCall(ended.Token)))];

        // A burst each is read at once, and the next is said only when all have heard it.
        AssertWithin(DeliveredMessage, await Allocations.InProcessAsync(Posts * ChatSubscription.MaxRead * Listeners, async () =>
        {
            for (int i = 0; i < Posts; i++)
            {
                Task heard = Task.WhenAll(listeners.Select(listener => listener.Expect(ChatSubscription.MaxRead)));
                await server.Store.Chat.PostAsync("lobby", ada.Id, burst, Token);
                await heard;
            }
        }));
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
    }

    // Without a log, which a test hears at Debug and the product does not write.
    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync("--Capture=None");

    private static void AssertWithin(int budget, double measured)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{measured:0} bytes were allocated, the budget is {budget}.");
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Assert.True(measured <= budget, text);
    }
}
