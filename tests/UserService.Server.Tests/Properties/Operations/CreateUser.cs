using FsCheck;
using FsCheck.Fluent;
using Users.Server.Tests.Properties.Model;
using Users.V1;

namespace Users.Server.Tests.Properties.Operations;

internal sealed record CreateUser(string Name, string Email, string RequestId) : Operation
{
    public static new Gen<CreateUser> Any { get; } =
        from name in Values.Names
        from email in Values.Emails
        from requestId in Values.RequestIds
        select new CreateUser(name, email, requestId);

    public CreateUserRequest ToRequest() => new() { Name = Name, Email = Email, RequestId = RequestId };

    public override async Task RunAsync(World world)
    {
        (string? refusal, ModelUser? user, bool created) = world.Users.Create(Name, Email, RequestId);
        if (refusal is not null)
        {
            await World.AssertRefusedAsync(refusal, world.Client.CreateUserAsync(ToRequest(), cancellationToken: World.Token));
            return;
        }

        User answer = await world.Client.CreateUserAsync(ToRequest(), cancellationToken: World.Token);
        if (created)
        {
            world.AssertCreated(user!, answer);
        }
        else
        {
            user!.AssertIs(answer, written: false);
        }
    }
}
