using FsCheck;
using FsCheck.Fluent;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record Leave(int Slot) : Operation
{
    public static new Gen<Operation> Any { get; } = Gen.Choose(0, World.Slots - 1).Select(slot => (Operation)new Leave(slot));

    public override async Task RunAsync(World world)
    {
        if (world.Sessions[Slot] is { } session)
        {
            world.Sessions[Slot] = null;
            await session.LeaveAsync();
            session.Dispose();
        }
    }
}
