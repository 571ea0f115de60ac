using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Users.Server.Tests.Properties.Model;
using Users.Server.Tests.Support;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record CreateUsers(IReadOnlyList<CreateUser> Users) : Operation
{
    // One in ten is longer than the failures that an answer lists.
    public static new Gen<Operation> Any { get; } =
        from count in Gen.Frequency((9, Gen.Choose(0, 6)), (1, Gen.Choose(20, 60)))
        from users in CreateUser.Any.ListOf(count)
        select (Operation)new CreateUsers([.. users]);

    public override async Task RunAsync(World world)
    {
        using AsyncClientStreamingCall<CreateUserRequest, CreateUsersResponse> import =
            world.Client.CreateUsers(cancellationToken: World.Token);
        string lastId = world.Users.Everybody.LastOrDefault()?.Id ?? "";
        List<ModelUser> created = [];
        List<(int Position, string Refusal)> refused = [];
        foreach ((int position, CreateUser user) in Users.Index())
        {
            await import.RequestStream.WriteAsync(user.ToRequest(), World.Token);
            switch (world.Users.Create(user.Name, user.Email, user.RequestId))
            {
                case ({ } refusal, _, _): refused.Add((position, refusal)); break;
                case (_, { } fresh, true): created.Add(fresh); break;
            }
        }

        await import.RequestStream.CompleteAsync();
        CreateUsersResponse answer = await import;

        Assert.Equal(
            (created.Count, Users.Count - created.Count - refused.Count, refused.Count),
            (answer.UserCount, answer.ExistingCount, answer.FailedCount));
        Assert.Equal(
            refused.Take(20),
            answer.Failures.OrderBy(failure => failure.Key).Select(failure => (failure.Key, ErrorReason.Of(failure.Value)!)));
        using AsyncServerStreamingCall<User> list = world.Client.ListUsers(new() { AfterId = lastId }, cancellationToken: World.Token);
        List<User> fromThere = await list.ResponseStream.ReadAllAsync(World.Token).ToListAsync(World.Token);
        Assert.Equal(created.Count, fromThere.Count);
        foreach ((ModelUser user, User listed) in created.Zip(fromThere))
        {
            world.AssertCreated(user, listed);
        }
    }

    public override IEnumerable<Operation> Shrink() => Property.Shorter(Users).Select(users => new CreateUsers(users));

    public override string ToString() => $"CreateUsers {{ {string.Join(", ", Users)} }}";
}
