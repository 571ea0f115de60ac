using FsCheck;
using FsCheck.Fluent;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal enum Speech
{
    Plain,
    NamesTheSame,
    OtherRoom,
    OtherUser,
    Empty,
    TooLong,
    AfterSequence,
}

internal sealed record Speak(int Slot, Speech Kind) : Operation
{
    public static new Gen<Operation> Any { get; } =
        from slot in Gen.Choose(0, World.Slots - 1)
        from kind in Gen.Frequency(
            (8, Gen.Constant(Speech.Plain)), (4, Gen.Constant(Speech.NamesTheSame)), (2, Gen.Elements(Enum.GetValues<Speech>())))
        select (Operation)new Speak(slot, kind);

    public override async Task RunAsync(World world)
    {
        if (world.Sessions[Slot] is not { } session)
        {
            return;
        }

        ChatMessage message = Message(session);
        string? refusal = Kind switch
        {
            Speech.OtherRoom or Speech.OtherUser => "ALREADY_JOINED",
            Speech.Empty or Speech.TooLong or Speech.AfterSequence => "INVALID_FIELDS",
            _ => null,
        };
        await session.SendAsync(message);
        if (refusal is null)
        {
            session.Room.Say(session.User.Id, message.Message);
            await world.HearAsync();
            return;
        }

        await session.AssertRefusedAsync(refusal);
        session.Dispose();
        world.Sessions[Slot] = null;
    }

    private ChatMessage Message(Session session) => Kind switch
    {
        Speech.NamesTheSame => new() { Message = "me again", Room = session.Room.Name, UserId = session.User.Id.ToUpperInvariant() },
        Speech.OtherRoom => new() { Message = "psst", Room = "elsewhere" },
        Speech.OtherUser => new() { Message = "psst", UserId = "0b9f2a44-6a01-4e5c-9d5b-0a1b2c3d4e5f" },
        Speech.Empty => new(),
        Speech.TooLong => new() { Message = string.Concat(Enumerable.Repeat("😀", 4_001)) },
        Speech.AfterSequence => new() { Message = "psst", AfterSequence = 0 },
        _ => new() { Message = string.Concat(Enumerable.Repeat("😀", 4_000)) },
    };
}
