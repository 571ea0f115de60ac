using Grpc.Core;
using Users.Data;
using Users.Server.Tests.Support;
using User = Users.V1.User;

namespace Users.Server.Tests.Budgets;

/// <summary>How often a stream is flushed, each time a write to its connection: with what comes at once, not with each message.</summary>
public sealed class FlushTests
{
    // The first page is small.
    private const int FirstPageSize = 50;
    private const int PageSize = 500;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(FirstPageSize, 1)]
    [InlineData(FirstPageSize + 1, 2)]
    [InlineData(FirstPageSize + (9 * PageSize), 10)]
    public async Task A_list_is_flushed_once_for_each_page(int users, int flushes)
    {
        var counted = new Flushes();
        await using RunningServer server = await RunningServer.StartAsync(null, counted.Watch);
        await ListUsersTests.ImportAsync(server, users);

        using (AsyncServerStreamingCall<User> list = server.Client.ListUsers(new(), cancellationToken: Token))
        {
            Assert.Equal(users, await list.ResponseStream.ReadAllAsync(Token).CountAsync(Token));
        }

        Assert.Equal(flushes, counted.Of("ListUsers"));
    }

    // As many as a reader takes at once, in four reads where they are long; those are sent sooner, so that no more than 16 KiB of each stream wait.
    [Theory]
    [InlineData(200, 1)]
    [InlineData(4_000, 8)]
    public async Task A_burst_is_flushed_once_to_each_listener(int length, int flushes)
    {
        const int Listeners = 5;
        var counted = new Flushes();
        await using RunningServer server = await RunningServer.StartAsync(null, counted.Watch);
        User ada = await server.AddUserAsync();
        Person[] people = await Task.WhenAll(Enumerable.Range(0, Listeners).Select(_ => Person.JoinAsync(server, ada, "engine", afterSequence: 0)));
        await people[0].SayAsync("all are here");
        await HearAllAsync(people, 1);
        int before = counted.Of("ChatUsers");

        await server.Store.Chat.PostAsync("engine", ada.Id, [.. Enumerable.Repeat(new NewMessage(new string('x', length)), ChatSubscription.MaxRead)], Token);

        await HearAllAsync(people, ChatSubscription.MaxRead);
        Array.ForEach(people, person => person.Dispose());
        Assert.Equal(Listeners * flushes, counted.Of("ChatUsers") - before);
    }

    private static async Task HearAllAsync(Person[] people, int count) => await Task.WhenAll(people.Select(person => person.HearAsync(count)));
}
