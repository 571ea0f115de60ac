namespace Users.Data;

/// <summary>
/// What new rows hold beside what their callers say: ids, times and etags. For one thread, the writer's, so that ids and times
/// grow in the order of commits.
/// </summary>
internal sealed class NewRows
{
    private readonly TimeProvider _time;
    private readonly RandomBytes _random = new();
    private readonly UserIds _ids;

    public NewRows(TimeProvider time)
    {
        _time = time;
        _ids = new UserIds(time, _random);
    }

    /// <summary>Makes every later id greater than this one.</summary>
    public void StartAfter(string id) => _ids.StartAfter(id);

    /// <summary>The current time, as it will be read back.</summary>
    public DateTimeOffset Now() => UnixMicrosecondsConverter.Now(_time);

    // Random, not a counter: after a restored backup an old etag must not fit new content.
    public string Etag() => Convert.ToHexStringLower(_random.Take(8));

    public User User(NewUser user) => User(user, Now());

    public User[] Users(IReadOnlyList<NewUser> users)
    {
        DateTimeOffset now = Now();
        var rows = new User[users.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = User(users[i], now);
        }

        return rows;
    }

    /// <summary>Users whose ids are the caller's choice; later ids are greater.</summary>
    public User[] Seeds(IReadOnlyList<SeedUser> users)
    {
        DateTimeOffset now = Now();
        return [.. users.Select(Seed)];

        User Seed(SeedUser seed)
        {
            _ids.StartAfter(seed.Id);
            return seed.User.ToRow(seed.Id, now, Etag());
        }
    }

    private User User(NewUser user, DateTimeOffset now) => user.ToRow(_ids.Next(), now, Etag());
}
