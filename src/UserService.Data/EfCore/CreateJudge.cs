namespace Users.Data;

/// <summary>Says what becomes of creates, one after another, beside the users that exist by then.</summary>
internal sealed class CreateJudge
{
    private readonly HashSet<string> _emails = new(EmailComparer.Instance);
    private readonly Dictionary<string, User> _byRequestId = [];

    /// <param name="existing">Those that have an email or a request id of the creates.</param>
    public CreateJudge(IEnumerable<User> existing)
    {
        foreach (User user in existing)
        {
            Remember(user);
        }
    }

    public UserWrite Judge(User create)
    {
        if (create.RequestId is not null && _byRequestId.TryGetValue(create.RequestId, out User? earlier))
        {
            return RequestHash.Judge(earlier, earlier.RequestHash, create);
        }

        if (_emails.Contains(create.Email))
        {
            return new UserWrite(UserWriteStatus.EmailTaken);
        }

        Remember(create);
        return new UserWrite(UserWriteStatus.Done, create);
    }

    private void Remember(User user)
    {
        _emails.Add(user.Email);
        if (user.RequestId is not null)
        {
            _byRequestId.Add(user.RequestId, user);
        }
    }
}
