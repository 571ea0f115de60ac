using FsCheck;
using FsCheck.Fluent;

namespace Users.Server.Tests.Properties.Operations;

/// <summary>One thing that clients do. It asks the model first, then the service, and holds the answer to the model's.</summary>
internal abstract record Operation
{
    public static Gen<Operation> Any { get; } = Gen.Frequency<Operation>(
        (2, GetUser.Any), (6, CreateUser.Any.Select(create => (Operation)create)), (5, UpdateUser.Any), (3, DeleteUser.Any),
        (2, ListUsers.Any), (2, CreateUsers.Any), (4, Join.Any), (6, Speak.Any), (1, Leave.Any));

    public abstract Task RunAsync(World world);

    public virtual IEnumerable<Operation> Shrink() => [];
}

