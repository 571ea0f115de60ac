namespace Users.Data;

/// <summary>
/// The highest id that was ever deleted of a kind of entity: a later start draws above it, though its row is gone and the clock may
/// have been set back.
/// </summary>
internal sealed class HighestId
{
    public const string OfUsers = "users";

    /// <summary>The table of the entities.</summary>
    public required string Kind { get; init; }

    /// <summary>Empty, as long as no deletion had to note one.</summary>
    public required string Id { get; init; }
}
