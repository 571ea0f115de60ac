using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Users.Server.Tests.Properties.Model;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal enum After
{
    Unset,
    All,
    WhereItBroke,
    End,
    Ahead,
    Negative,
}

/// <summary>Breaks the chat in a slot, if there is one, and opens another.</summary>
internal sealed record Join(int Slot, Who Who, string Room, After After, string Text) : Operation
{
    private const string BadRoom = "a\u0085b";
    private static readonly string TooLong = new('x', 4_001);

    public static new Gen<Operation> Any { get; } =
        from slot in Gen.Choose(0, World.Slots - 1)
        from who in Who.Any
        from room in Gen.Frequency((10, Gen.Elements("", "engine", "Engine", "räume 😀")), (1, Gen.Constant(BadRoom)))
        from after in Gen.Frequency(
            (10, Gen.Elements(After.Unset, After.All, After.WhereItBroke, After.End)), (2, Gen.Elements(After.Ahead, After.Negative)))
        from text in Gen.Frequency((10, Gen.Elements("", "hello", "\u0007\u001b[31m\u202e")), (1, Gen.Constant(TooLong)))
        select (Operation)new Join(slot, who, room, after, text);

    public override async Task RunAsync(World world)
    {
        RoomModel room = world.Room(Room);
        long? after = AfterSequence(room, world.Sessions[Slot]);
        world.Sessions[Slot]?.Dispose();
        world.Sessions[Slot] = null;
        string id = Who.IdIn(world.Users);
        ModelUser? user = Values.IsUuid(id) ? world.Users.Find(id) : null;
        string? refusal = !Values.IsUuid(id) || Room == BadRoom || after < 0 || Text == TooLong ? "INVALID_FIELDS"
            : user is null ? "USER_NOT_FOUND"
            : after > room.End ? "SEQUENCE_AHEAD"
            : null;

        var join = new ChatMessage { UserId = id, Room = room.Name == "lobby" ? "" : room.Name, Message = Text };
        if (after is not null)
        {
            join.AfterSequence = after.Value;
        }

        AsyncDuplexStreamingCall<ChatMessage, ChatMessage> call = world.Client.ChatUsers(cancellationToken: World.Token);
        await call.RequestStream.WriteAsync(join, World.Token);
        if (refusal is not null)
        {
            await World.AssertRefusedAsync(refusal, () => Session.NextAsync(call));
            call.Dispose();
            return;
        }

        var session = new Session(call, room, user!, after ?? room.End);
        world.Sessions[Slot] = session;
        if (Text.Length > 0)
        {
            room.Say(user!.Id, Text);
        }
        else if (session.Position == room.End)
        {
            // A silent join is not answered; its own first message shows that it happened, and from where on it hears.
            await session.SendAsync(new() { Message = "I am here." });
            room.Say(user!.Id, "I am here.");
        }

        await world.HearAsync();
    }

    private long? AfterSequence(RoomModel room, Session? broken) => After switch
    {
        After.Unset => null,
        After.All => 0,
        After.WhereItBroke => broken?.Room == room ? broken.Position : 0,
        After.End => room.End,
        After.Ahead => room.End + 1,
        _ => -1,
    };
}
