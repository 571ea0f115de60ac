namespace Users.Data;

/// <summary>Says why a user is not changed or deleted; null: it is. Nobody else may write its row meanwhile.</summary>
internal static class ChangeJudge
{
    /// <param name="user">The user that is meant, if it is there.</param>
    /// <param name="etag">The one that it must have; null: any.</param>
    public static UserWriteStatus? Refusal(User? user, string? etag) =>
        user is null ? UserWriteStatus.NotFound
        : etag is not null && etag != user.Etag ? UserWriteStatus.EtagMismatch
        : null;

    /// <param name="change">What is asked for.</param>
    /// <param name="found">The users that have its id or its email: where the change is made, its user alone.</param>
    public static UserWriteStatus? Refusal(UserChange change, IReadOnlyCollection<User> found) =>
        Refusal(found.FirstOrDefault(user => user.Id == change.Id), change.Etag)
        ?? (found.Count > 1 ? UserWriteStatus.EmailTaken : null);
}
