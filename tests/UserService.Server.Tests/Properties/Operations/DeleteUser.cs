using FsCheck;
using FsCheck.Fluent;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record DeleteUser(Who Who, EtagKind Etag) : Operation
{
    public static new Gen<Operation> Any { get; } =
        from who in Who.Any from etag in Etags.Any select (Operation)new DeleteUser(who, etag);

    public override async Task RunAsync(World world)
    {
        string id = Who.IdIn(world.Users);
        string? etag = Etag.Of(Who.In(world.Users));
        var request = new DeleteUserRequest { Id = id, Etag = etag ?? "" };
        if (world.Users.Delete(id, etag) is { } refusal)
        {
            await World.AssertRefusedAsync(refusal, world.Client.DeleteUserAsync(request, cancellationToken: World.Token));
        }
        else
        {
            await world.Client.DeleteUserAsync(request, cancellationToken: World.Token);
            await world.AssertChatsOfTheDeletedEndAsync();
        }
    }
}
