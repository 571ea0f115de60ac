namespace Users.Data.Sqlite.FastPath;

/// <summary>Writes with prepared statements.</summary>
internal sealed class FastWriter(SqliteUsersContext db, FastReader reader, PreparedStatements statements, NewRows rows, Snapshots snapshots)
    : EfWriter(db, reader, rows)
{
    private readonly FastUsers _users = new(db, statements, rows);
    private readonly FastMessages _messages = new(reader, statements, rows);

    public override async ValueTask<Exception?> CommitAsync(IEnumerable<WriteItem> items)
    {
        snapshots.BeginCommit();
        try
        {
            return await base.CommitAsync(items);
        }
        finally
        {
            snapshots.EndCommit();
        }
    }

    // A prepared statement costs no more for each, and what is queued while one runs still joins.
    protected override IEnumerable<WriteItem> Steps(IEnumerable<WriteItem> items) => items;

    protected override ValueTask RunAsync(WriteItem item)
    {
        switch (item)
        {
            case CreateUser create:
                create.Outcome = _users.Create(create.User);
                return default;
            case CreateUsers create:
                create.Outcome = _users.Create(create.Users);
                return default;
            case UpdateUser update:
                update.Outcome = _users.Update(update.Change);
                return default;
            case DeleteUser delete:
                delete.Outcome = _users.Delete(delete.Id, delete.Etag);
                return default;
            case PostMessages post:
                post.Outcome = _messages.Post(post);
                return default;
            case SeedUsers seed:
                seed.Outcome = _users.Seed(seed.Users);
                return default;
            default:
                return base.RunAsync(item);
        }
    }
}
