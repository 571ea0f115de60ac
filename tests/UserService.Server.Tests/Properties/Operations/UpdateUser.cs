using FsCheck;
using FsCheck.Fluent;
using Users.Server.Tests.Properties.Model;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record UpdateUser(Who Who, string Name, string Email, string? Mask, EtagKind Etag) : Operation
{
    private static readonly string?[] Masks =
        [null, null, "", "name", "email", "name,email", "email,email", "id", "name,age", "Name", "user.name"];

    public static new Gen<Operation> Any { get; } =
        from who in Who.Any
        from name in Gen.OneOf(Gen.Constant(""), Values.Names)
        from email in Gen.OneOf(Gen.Constant(""), Values.Emails)
        from mask in Gen.Elements(Masks)
        from etag in Etags.Any
        select (Operation)new UpdateUser(who, name, email, mask, etag);

    public override async Task RunAsync(World world)
    {
        string id = Who.IdIn(world.Users);
        string? etag = Etag.Of(Who.In(world.Users));
        string[]? paths = Mask?.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var request = new UpdateUserRequest { Id = id, Name = Name, Email = Email, Etag = etag ?? "" };
        if (paths is not null)
        {
            request.UpdateMask = new() { Paths = { paths } };
        }

        (string? refusal, ModelUser? user) = world.Users.Update(id, Name, Email, paths, etag);
        if (refusal is null)
        {
            user!.AssertIs(await world.Client.UpdateUserAsync(request, cancellationToken: World.Token), written: true);
        }
        else
        {
            await World.AssertRefusedAsync(refusal, world.Client.UpdateUserAsync(request, cancellationToken: World.Token));
        }
    }
}
