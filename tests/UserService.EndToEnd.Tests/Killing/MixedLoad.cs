using Grpc.Core;
using Users.EndToEnd.Tests.Support;
using Users.V1;

namespace Users.EndToEnd.Tests.Killing;

/// <summary>Several clients at once, of all four kinds of calls, who remember over every restart what they were answered.</summary>
internal sealed class MixedLoad
{
    private readonly UnaryLoad[] _unary;
    private readonly ImportLoad _import;
    private readonly RoomLoad[] _rooms;
    private readonly IReadOnlyList<User> _speakers;

    private MixedLoad(Random random, IReadOnlyList<User> speakers)
    {
        _speakers = speakers;
        _unary = [.. Enumerable.Range(0, 6).Select(_ => new UnaryLoad(new Random(random.Next())))];
        _import = new ImportLoad(new Random(random.Next()));
        _rooms = [.. Enumerable.Range(1, 3).Select(number => new RoomLoad($"room {number}", speakers))];
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<MixedLoad> CreateAsync(UserService.UserServiceClient client, Random random) =>
        new(random, [await client.AddUserAsync("Ada"), await client.AddUserAsync("Ben")]);

    /// <summary>Loads the server until it dies, or until each client has a failure that is the end by <paramref name="isEnd"/>.</summary>
    public async Task RunAsync(
        UserService.UserServiceClient client, Acknowledgements acknowledgements, Func<RpcException, bool>? isEnd = null)
    {
        Task[] clients =
        [
            .. _unary.Select(load => load.RunAsync(client, acknowledgements, Token)),
            _import.RunAsync(client, acknowledgements, Token),
            .. _rooms.SelectMany(room => room.Run(client, acknowledgements, Token)),
        ];
        await Task.WhenAll(clients.Select(load => UntilCutOffAsync(load, isEnd)));
    }

    /// <summary>Checks every answer, of this round and those before, on the restarted server.</summary>
    public async Task CheckAsync(UserService.UserServiceClient client, bool isLast)
    {
        FoundUsers found = await FoundUsers.ListAsync(client);
        found.Take(_speakers);
        // Each takes its users out before it waits for anything, so these do not meet in there.
        await Task.WhenAll(
        [
            .. _unary.Select(load => load.CheckAsync(client, found, Token)),
            _import.CheckAsync(client, found, Token),
            .. _rooms.Select(room => room.CheckAsync(client, isLast)),
        ]);
        // After the checks: a check that failed took nothing out, and says why; what is left here says only that.
        Assert.Empty(found.Left);
    }

    private static async Task UntilCutOffAsync(Task load, Func<RpcException, bool>? isEnd)
    {
        try
        {
            await load;
        }
        catch (Exception failure) when (failure is IOException or RpcException { Trailers.Count: 0 })
        {
            // The end of the connection; an answer of the server has trailers.
        }
        catch (RpcException failure) when (isEnd?.Invoke(failure) is true)
        {
        }
    }
}
