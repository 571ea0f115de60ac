using System.Reflection;

namespace Users.Data.Tests;

public sealed class EfFieldTests() : FieldTests(path: null);

/// <summary>What goes over the fields of a user goes over all of them, so that one that is added is not forgotten.</summary>
public abstract class FieldTests(Action<UserStoreOptions>? path) : StoreTests(path)
{
    private static readonly ConstructorInfo New = typeof(NewUser).GetConstructors()[0];

    public static TheoryData<string> Fields => [.. Parameters(New).Where(name => name != nameof(NewUser.RequestId))];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Another_value_of_a_field_is_another_content_under_a_request_id(string field)
    {
        var requestId = Guid.NewGuid();
        Assert.Equal(UserWriteStatus.Done, (await CreateAsync(With(null), requestId)).Status);

        Assert.Equal(UserWriteStatus.Existing, (await CreateAsync(With(null), requestId)).Status);
        Assert.Equal(UserWriteStatus.RequestIdReused, (await CreateAsync(With(field), requestId)).Status);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_is_stored_changed_and_counted(string field)
    {
        User before = (await CreateAsync(With(null), null)).User!;
        Assert.Equal(Value(With(null), field), Value(before, field));

        ConstructorInfo change = typeof(UserChange).GetConstructors()[0];
        var named = (UserChange)change.Invoke([.. Parameters(change).Select(name => name == nameof(User.Id) ? before.Id : name == field ? "changed@example.org" : null)]);
        User after = (await Repository.UpdateAsync(named, Cancellation)).User!;

        Assert.Equal("changed@example.org", Value(after, field));
        Assert.All(Fields, other => Assert.True(other == field || Equals(Value(before, other), Value(after, other))));
        Assert.Equal("changed@example.org".Length - $"{Value(before, field)}".Length, PageBytes.Of(after) / 2 - PageBytes.Of(before) / 2);
        Assert.Equivalent(after, await Repository.FindAsync(after.Id, Cancellation), strict: true);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_of_a_create_is_counted(string field) => Assert.Equal(With(null).TextLength() + 1, With(field).TextLength());

    private Task<UserWrite> CreateAsync(NewUser user, Guid? requestId) => Repository.CreateAsync(user with { RequestId = requestId }, Cancellation);

    private static NewUser With(string? other) => (NewUser)New.Invoke(
        [.. Parameters(New).Select(name => name == nameof(NewUser.RequestId) ? null : $"{name}{(name == other ? "2" : "")}@example.org")]);

    private static IEnumerable<string> Parameters(ConstructorInfo constructor) => constructor.GetParameters().Select(parameter => parameter.Name!);

    private static object? Value(object user, string property) => user.GetType().GetProperty(property)!.GetValue(user);
}
