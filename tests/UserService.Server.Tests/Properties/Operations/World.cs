using Grpc.Core;
using Users.Server.Tests.Properties.Model;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

/// <summary>One case: the service, and what the model holds of it.</summary>
internal sealed class World(UserService.UserServiceClient client, RoomModel lobby)
{
    public const int Slots = 3;

    // Rooms outlive their users, so each case has its own; but for the one without a name.
    private readonly string _suffix = $" {Guid.NewGuid():n}";
    private readonly Dictionary<string, RoomModel> _rooms = new() { [lobby.Name] = lobby };
    private string _lastId = "";

    public UserService.UserServiceClient Client => client;

    public UserModel Users { get; } = new();

    public Session?[] Sessions { get; } = new Session?[Slots];

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task AssertRefusedAsync(string refusal, Func<Task> call) =>
        (await Failure.OfAsync(call)).AssertIs(Refusals.Codes[refusal], refusal);

    public static Task AssertRefusedAsync<T>(string refusal, AsyncUnaryCall<T> call) =>
        AssertRefusedAsync(refusal, () => call.ResponseAsync);

    public void AssertCreated(ModelUser user, User answer)
    {
        user.AssertIs(answer, written: true);
        Assert.True(string.CompareOrdinal(_lastId, answer.Id) < 0, $"Ids do not rise: {_lastId}, then {answer.Id}.");
        _lastId = answer.Id;
    }

    public RoomModel Room(string name)
    {
        string own = name is "" ? "lobby" : name + _suffix;
        if (!_rooms.TryGetValue(own, out RoomModel? room))
        {
            _rooms[own] = room = new RoomModel(own);
        }

        return room;
    }

    /// <summary>Everyone who is in a room hears what was said in it.</summary>
    public async Task HearAsync()
    {
        foreach (Session session in Sessions.OfType<Session>())
        {
            await session.HearAsync();
        }
    }

    /// <summary>The open chats of a user end with its deletion.</summary>
    public async Task AssertChatsOfTheDeletedEndAsync()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            if (Sessions[slot] is { User.Deleted: true } session)
            {
                await session.AssertRefusedAsync("USER_NOT_FOUND");
                session.Dispose();
                Sessions[slot] = null;
            }
        }
    }

    /// <summary>The whole list is the model's, and nobody hears anything more. Leaves an empty service.</summary>
    public async Task EndAsync()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            await new Leave(slot).RunAsync(this);
        }

        await new ListUsers(0, null).RunAsync(this);
        foreach (ModelUser user in Users.Alive)
        {
            await Client.DeleteUserAsync(new() { Id = user.Id }, cancellationToken: Token);
        }
    }
}
