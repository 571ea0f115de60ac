using Google.Protobuf.WellKnownTypes;
using Users.V1;

namespace Users.Benchmarks.Floors;

/// <summary>Prepared users, as large as the server's.</summary>
internal sealed class FloorUsers
{
    private readonly Dictionary<string, User> _byId;

    public FloorUsers(int count)
    {
        All = [.. Enumerable.Range(0, count).Select(Create)];
        _byId = All.ToDictionary(user => user.Id);
    }

    public User[] All { get; }

    public User this[string id] => _byId[id];

    private static User Create(int number)
    {
        var time = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56).AddMilliseconds(number));
        return new User
        {
            Id = Guid.CreateVersion7(time.ToDateTimeOffset()).ToString(),
            Name = $"Number {number}",
            Email = $"user.{number}@example.com",
            CreateTime = time,
            UpdateTime = time,
            Etag = $"{number:x16}",
        };
    }
}
