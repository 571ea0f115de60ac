namespace Users.Data;

/// <summary>Creates of several callers that run as one; each has the outcome that it would have had by itself.</summary>
internal sealed record SharedCreates(IReadOnlyList<CreateUser> Creates) : WriteItem
{
    public IReadOnlyList<NewUser> Users => [.. Creates.Select(create => create.User)];

    /// <summary>The items in their order, where creates that follow each other become one.</summary>
    public static IEnumerable<WriteItem> Join(IEnumerable<WriteItem> items)
    {
        List<CreateUser> creates = [];
        foreach (WriteItem item in items)
        {
            if (item is CreateUser create)
            {
                creates.Add(create);
                continue;
            }

            if (creates.Count > 0)
            {
                yield return new SharedCreates(creates);
                creates = [];
            }

            yield return item;
        }

        if (creates.Count > 0)
        {
            yield return new SharedCreates(creates);
        }
    }

    /// <param name="writes">What became of them, in the order of <see cref="Users"/>.</param>
    public void Answer(IReadOnlyList<UserWrite> writes)
    {
        foreach ((CreateUser create, UserWrite write) in Creates.Zip(writes))
        {
            create.Outcome = write;
        }
    }
}
