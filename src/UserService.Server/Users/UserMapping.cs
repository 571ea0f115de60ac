using Google.Protobuf.WellKnownTypes;
using Users.Data;
using Users.Server.Errors;

namespace Users.Server.Users;

internal static class UserMapping
{
    public static V1.User ToWire(this User user) => new()
    {
        Id = user.Id,
        Name = user.Name,
        Email = user.Email,
        CreateTime = Timestamp.FromDateTimeOffset(user.CreateTime),
        UpdateTime = Timestamp.FromDateTimeOffset(user.UpdateTime),
        Etag = user.Etag,
    };

    /// <summary>Why a write was not done, as its caller reads it.</summary>
    public static Google.Rpc.Status ToFailure(this UserWriteStatus status, string? id, string? email) => status switch
    {
        UserWriteStatus.NotFound => Failures.UserNotFound(id!),
        UserWriteStatus.EmailTaken => Failures.EmailTaken(email!),
        UserWriteStatus.EtagMismatch => Failures.EtagMismatch(id!),
        UserWriteStatus.RequestIdReused => Failures.RequestIdReused(),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a failure."),
    };
}
