using Users.V1;

namespace Users.EndToEnd.Tests.Killing;

internal static class Requested
{
    /// <summary>A user that nobody asked for before; its name and email belong together, so that a mix of two would show.</summary>
    public static CreateUserRequest User()
    {
        var id = Guid.NewGuid();
        return new CreateUserRequest { Name = $"User {id}", Email = $"{id}@example.com", RequestId = $"{id}" };
    }
}
