namespace Users.Data.PostgreSql;

/// <summary>EF Core's queries; where many callers look for a user at once, they share one.</summary>
internal sealed class PostgreSqlReader(PostgreSqlUsersContext db, SharedFinds finds) : EfReader(db)
{
    public override ValueTask<User?> FindUserAsync(string id, CancellationToken cancellationToken) =>
        finds.FindAsync(id, base.FindUserAsync, cancellationToken);
}
