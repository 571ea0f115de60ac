namespace Users.Server.Tests.Properties.Model;

/// <summary>The users, as the contract has them: a plain list. Each call answers a reason when it refuses.</summary>
internal sealed class UserModel
{
    /// <summary>Everybody there ever was, in the order of creation.</summary>
    public List<ModelUser> Everybody { get; } = [];

    public IEnumerable<ModelUser> Alive => Everybody.Where(user => !user.Deleted);

    public ModelUser? Find(string? id) => Alive.FirstOrDefault(user => user.Id == id?.ToLowerInvariant());

    public (string? Refusal, ModelUser? User, bool Created) Create(string name, string email, string requestId)
    {
        if (!Values.IsName(name) || !Values.IsEmail(email) || !(requestId is "" || Values.IsUuid(requestId)))
        {
            return ("INVALID_FIELDS", null, false);
        }

        var user = new ModelUser(name.Trim(), email, requestId is "" ? null : requestId.ToLowerInvariant());
        if (user.RequestId is not null && Alive.FirstOrDefault(other => other.RequestId == user.RequestId) is { } earlier)
        {
            return earlier.Asked == user.Asked ? (null, earlier, false) : ("REQUEST_ID_REUSED", null, false);
        }

        if (IsTaken(email, by: null))
        {
            return ("EMAIL_TAKEN", null, false);
        }

        Everybody.Add(user);
        return (null, user, true);
    }

    public (string? Refusal, ModelUser? User) Update(string id, string name, string email, IReadOnlyList<string>? mask, string? etag)
    {
        bool changesName = mask is { Count: > 0 } ? mask.Contains("name") : name.Length > 0;
        bool changesEmail = mask is { Count: > 0 } ? mask.Contains("email") : email.Length > 0;
        if (!Values.IsUuid(id) || !(changesName || changesEmail) || mask?.Any(path => path is not ("name" or "email")) is true
            || (changesName && !Values.IsName(name)) || (changesEmail && !Values.IsEmail(email)))
        {
            return ("INVALID_FIELDS", null);
        }

        ModelUser? user = Find(id);
        string? refusal = user is null ? "USER_NOT_FOUND"
            : etag is not null && etag != user.Etag ? "ETAG_MISMATCH"
            : changesEmail && IsTaken(email, by: user) ? "EMAIL_TAKEN"
            : null;
        if (refusal is null)
        {
            user!.Name = changesName ? name.Trim() : user.Name;
            user.Email = changesEmail ? email : user.Email;
        }

        return (refusal, user);
    }

    public string? Delete(string id, string? etag)
    {
        if (!Values.IsUuid(id))
        {
            return "INVALID_FIELDS";
        }

        ModelUser? user = Find(id);
        if (user is null || (etag is not null && etag != user.Etag))
        {
            return user is null ? "USER_NOT_FOUND" : "ETAG_MISMATCH";
        }

        user.Deleted = true;
        return null;
    }

    public (string? Refusal, IReadOnlyList<ModelUser> Users) List(int pageSize, string afterId) =>
        pageSize < 0 || !(afterId is "" || Values.IsUuid(afterId))
            ? ("INVALID_FIELDS", [])
            : (null, [.. Alive
                .Where(user => string.CompareOrdinal(user.Id, afterId.ToLowerInvariant()) > 0)
                .Take(pageSize == 0 ? int.MaxValue : pageSize)]);

    private bool IsTaken(string email, ModelUser? by) =>
        Alive.Any(user => user != by && user.Email.Equals(email, StringComparison.OrdinalIgnoreCase));
}
