namespace Users.Data;

/// <summary>Says what becomes of a change, where nobody else writes meanwhile.</summary>
internal static class ChangeJudge
{
    /// <param name="change">What is asked for.</param>
    /// <param name="found">The users that have its id or its email.</param>
    /// <returns>Null: it is made, and its user is the only one that was found.</returns>
    public static UserWriteStatus? Refusal(UserChange change, IReadOnlyCollection<User> found) =>
        found.FirstOrDefault(user => user.Id == change.Id) is not { } user ? UserWriteStatus.NotFound
        : change.Etag is not null && change.Etag != user.Etag ? UserWriteStatus.EtagMismatch
        : found.Count > 1 ? UserWriteStatus.EmailTaken
        : null;
}
