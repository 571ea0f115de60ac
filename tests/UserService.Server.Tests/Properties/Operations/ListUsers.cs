using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Users.Server.Tests.Properties.Model;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record ListUsers(int PageSize, Who? After) : Operation
{
    public static new Gen<Operation> Any { get; } =
        from pageSize in Gen.Elements(0, 1, 2, 3, int.MaxValue, -1, int.MinValue)
        from after in Who.Any.OrNull()
        select (Operation)new ListUsers(pageSize, after);

    public override async Task RunAsync(World world)
    {
        string afterId = After?.IdIn(world.Users) ?? "";
        (string? refusal, IReadOnlyList<ModelUser> expected) = world.Users.List(PageSize, afterId);
        using AsyncServerStreamingCall<User> list = world.Client.ListUsers(
            new() { PageSize = PageSize, AfterId = afterId }, cancellationToken: World.Token);
        if (refusal is not null)
        {
            await World.AssertRefusedAsync(refusal, () => list.ResponseStream.MoveNext(World.Token));
            return;
        }

        List<User> answers = await list.ResponseStream.ReadAllAsync(World.Token).ToListAsync(World.Token);
        Assert.Equal(expected.Select(user => user.Id), answers.Select(user => user.Id));
        foreach ((ModelUser user, User answer) in expected.Zip(answers))
        {
            user.AssertIs(answer, written: false);
        }
    }
}
