using FsCheck;
using FsCheck.Fluent;
using Users.Server.Tests.Properties.Model;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record GetUser(Who Who) : Operation
{
    public static new Gen<Operation> Any { get; } = Who.Any.Select(who => (Operation)new GetUser(who));

    public override async Task RunAsync(World world)
    {
        string id = Who.IdIn(world.Users);
        if (Values.IsUuid(id) && world.Users.Find(id) is { } user)
        {
            user.AssertIs(await world.Client.GetUserAsync(new() { Id = id }, cancellationToken: World.Token), written: false);
            return;
        }

        string refusal = Values.IsUuid(id) ? "USER_NOT_FOUND" : "INVALID_FIELDS";
        await World.AssertRefusedAsync(refusal, world.Client.GetUserAsync(new() { Id = id }, cancellationToken: World.Token));
    }
}
