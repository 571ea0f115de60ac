namespace Users.Data;

/// <summary>One caller's write, as data: the engine decides how it is done.</summary>
internal abstract record WriteItem
{
    /// <summary>Whether single writes go before it: it is so large that they would wait long behind many of its kind.</summary>
    public virtual bool GivesWay => false;
}

/// <inheritdoc />
internal abstract record WriteItem<T> : WriteItem
{
    /// <summary>What became of it; set when an engine has run it, and true once the commit is on disk.</summary>
    public T Outcome { get; set; } = default!;
}

internal sealed record CreateUser(NewUser User) : WriteItem<UserWrite>;

/// <summary>Each user has the outcome that it would have had by itself, in the order given.</summary>
internal sealed record CreateUsers(IReadOnlyList<NewUser> Users) : WriteItem<IReadOnlyList<UserWrite>>
{
    public override bool GivesWay => true;
}

internal sealed record UpdateUser(UserChange Change) : WriteItem<UserWrite>;

/// <summary>Deletes a user, if the etag is null or the user's.</summary>
internal sealed record DeleteUser(string Id, string? Etag) : WriteItem<UserWriteStatus>;

/// <summary>Appends messages to a room, each with a request id once.</summary>
/// <param name="Room">Its name.</param>
/// <param name="UserId">The speaker.</param>
/// <param name="Messages">In their order.</param>
/// <param name="IsUser">Whether the speaker must be a user.</param>
internal sealed record PostMessages(string Room, string UserId, IReadOnlyList<NewMessage> Messages, bool IsUser = true) : WriteItem<Posted>
{
    /// <summary>The request ids of its messages, each once.</summary>
    public string[] RequestIds => [.. Messages.Select(message => message.RequestId).OfType<string>().Distinct()];
}

/// <summary>Adds a database's first users, but for those whose id or email exists; the outcome is how many it added.</summary>
internal sealed record SeedUsers(IReadOnlyList<SeedUser> Users) : WriteItem<int>;
