namespace Users.Data;

/// <summary>A user to create.</summary>
/// <param name="Name">Already validated and trimmed.</param>
/// <param name="Email">Already validated.</param>
/// <param name="RequestId">Makes the create repeatable: a second one with the same key and content writes nothing.</param>
public sealed record NewUser(string Name, string Email, Guid? RequestId = null)
{
    /// <summary>The row that is stored.</summary>
    internal User ToRow(string id, DateTimeOffset now, string etag) => new()
    {
        Id = id,
        Name = Name,
        Email = Email,
        CreateTime = now,
        UpdateTime = now,
        Etag = etag,
        RequestId = RequestId?.ToString(),
        RequestHash = RequestId is null ? null : RequestHash.Of(this),
    };

    /// <summary>How many characters its caller chose. A method, since the request hash covers the properties.</summary>
    public int TextLength() => Name.Length + Email.Length;
}

/// <summary>One of a database's first users.</summary>
/// <param name="Id">The caller's choice, as a UUID in lowercase.</param>
/// <param name="User">What it is created with.</param>
public sealed record SeedUser(string Id, NewUser User);

/// <summary>A change to a user; what is null stays as it is.</summary>
/// <param name="Id">The user, as a UUID in lowercase.</param>
/// <param name="Name">The new name, already validated and trimmed.</param>
/// <param name="Email">The new email, already validated.</param>
/// <param name="Etag">When set, the change happens only if it is still the user's etag.</param>
public sealed record UserChange(string Id, string? Name, string? Email, string? Etag = null)
{
    /// <summary>Whether it changes nothing.</summary>
    public bool NamesNoField => this == new UserChange(Id, Name: null, Email: null, Etag);

    /// <summary>The row as it is after the change.</summary>
    internal User Apply(User row, DateTimeOffset now, string etag) => new()
    {
        Id = row.Id,
        Name = Name ?? row.Name,
        Email = Email ?? row.Email,
        CreateTime = row.CreateTime,
        // The clock may have gone back since.
        UpdateTime = row.UpdateTime > now ? row.UpdateTime : now,
        Etag = etag,
        RequestId = row.RequestId,
        RequestHash = row.RequestHash,
    };
}

/// <summary>What became of a write.</summary>
public enum UserWriteStatus
{
    /// <summary>Created, updated or deleted, and committed to disk.</summary>
    Done,

    /// <summary>An earlier create with this request id and content did it; nothing was written.</summary>
    Existing,

    /// <summary>No user has this id.</summary>
    NotFound,

    /// <summary>Another user has this email.</summary>
    EmailTaken,

    /// <summary>The user has changed since the etag was read.</summary>
    EtagMismatch,

    /// <summary>An earlier create used this request id for other content.</summary>
    RequestIdReused,
}

/// <summary>The outcome of a write.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="User">The user as it now is, when <paramref name="Status"/> is Done or Existing; null otherwise.</param>
public readonly record struct UserWrite(UserWriteStatus Status, User? User = null);
