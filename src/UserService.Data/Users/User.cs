namespace Users.Data;

/// <summary>A user as it is stored.</summary>
public sealed class User
{
    /// <summary>A UUIDv7 in lowercase; ids grow in the order of commits.</summary>
    public required string Id { get; init; }

    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>The email address as it was given; unique without regard to the case of ASCII letters.</summary>
    public required string Email { get; init; }

    /// <summary>When the user was created, in whole microseconds.</summary>
    public DateTimeOffset CreateTime { get; init; }

    /// <summary>When the user last changed, in whole microseconds; never before <see cref="CreateTime"/>.</summary>
    public DateTimeOffset UpdateTime { get; init; }

    /// <summary>Names this version of the user: 16 hex characters, random, new at each write.</summary>
    public string Etag { get; init; } = "";

    /// <summary>How many characters its callers chose, as a measure of the memory that it takes.</summary>
    internal int TextLength => Name.Length + Email.Length;

    /// <summary>The key under which the user was created, so that a repeated create finds it.</summary>
    internal string? RequestId { get; init; }

    /// <summary>Of the content that was asked for under <see cref="RequestId"/>.</summary>
    internal string? RequestHash { get; init; }
}
