using Users.Data;
using Users.Server.Errors;
using Users.Server.Fields;
using Users.V1;

namespace Users.Server.Users;

/// <summary>Reads a request of the wire into what the repository takes, or throws one answer with all that is wrong in it.</summary>
internal static class UserRequests
{
    // A few repeats do no harm.
    private const int MaxMaskPaths = 100;

    // What an update can change; each has its line in Read.
    private static readonly string[] Changeable = ["name", "email"];
    private static readonly string UseThese = $"Use {string.Join(" and ", Changeable)}.";

    public static string Read(GetUserRequest request)
    {
        var violations = new Violations();
        string id = violations.Id("id", request.Id);
        violations.ThrowIfAny();
        return id;
    }

    /// <summary>For one item of a stream, whose faults do not end the call, the violations are the caller's to judge.</summary>
    public static NewUser Read(CreateUserRequest request, Violations violations)
    {
        string name = violations.Name(request.Name);
        string email = violations.Email(request.Email);
        string? requestId = violations.OptionalId("request_id", request.RequestId);
        return new NewUser(name, email, violations.Any || requestId is null ? null : Guid.Parse(requestId));
    }

    public static UserChange Read(UpdateUserRequest request)
    {
        var violations = new Violations();
        string id = violations.Id("id", request.Id);
        IReadOnlyCollection<string> changed = ReadMask(request, violations);
        string? name = changed.Contains("name") ? violations.Name(request.Name) : null;
        string? email = changed.Contains("email") ? violations.Email(request.Email) : null;
        violations.ThrowIfAny();
        return new UserChange(id, name, email, OrNull(request.Etag));
    }

    public static (string Id, string? Etag) Read(DeleteUserRequest request)
    {
        var violations = new Violations();
        string id = violations.Id("id", request.Id);
        violations.ThrowIfAny();
        return (id, OrNull(request.Etag));
    }

    /// <summary>After which id the list starts, and how many users it holds at most.</summary>
    public static (string? AfterId, long Count) Read(ListUsersRequest request)
    {
        var violations = new Violations();
        string? afterId = violations.OptionalId("after_id", request.AfterId);
        if (request.PageSize < 0)
        {
            violations.Add("page_size", "must not be negative: give how many users to stream, or 0 for all.");
        }

        violations.ThrowIfAny();
        return (afterId, request.PageSize == 0 ? long.MaxValue : request.PageSize);
    }

    /// <summary>The fields that an update changes.</summary>
    private static IReadOnlyCollection<string> ReadMask(UpdateUserRequest request, Violations violations)
    {
        // In some languages an empty mask and no mask look the same, so both mean: the fields that are not empty.
        if (request.UpdateMask is not { Paths.Count: > 0 } mask)
        {
            string[] set = [.. Changeable.Where(path => UpdateUserRequest.Descriptor.FindFieldByName(path).Accessor.GetValue(request) is not "")];
            if (set.Length == 0)
            {
                violations.Add("update_mask", $"names no field and none is set: set one of {string.Join(", ", Changeable)}.");
            }

            return set;
        }

        if (mask.Paths.Count > MaxMaskPaths)
        {
            violations.Add("update_mask", $"has {mask.Paths.Count} paths: give at most {MaxMaskPaths}. {UseThese}");
            return [];
        }

        foreach (string path in mask.Paths.Where(path => !Changeable.Contains(path)))
        {
            violations.Add("update_mask", $"has a path that cannot be changed: {Violations.Echo(path)}. {UseThese}");
        }

        return mask.Paths;
    }

    private static string? OrNull(string value) => value.Length == 0 ? null : value;
}
