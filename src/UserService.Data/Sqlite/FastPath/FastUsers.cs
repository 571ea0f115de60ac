namespace Users.Data.Sqlite.FastPath;

/// <summary>
/// Writes users as <see cref="EfUsers"/> does, but creates them the other way round: it inserts first, and looks only where the database did
/// not take a row.
/// </summary>
internal sealed class FastUsers(SqliteUsersContext db, PreparedStatements statements, NewRows rows)
{
    // Users.SingleOrDefault(user => user.RequestId == requestId)
    private const string FindByRequestIdSql = $"SELECT {UserRow.Columns}, request_hash FROM users WHERE request_id = ?1";

    // Users.Where(user => user.Id == id || user.Email == email)
    private const string FindForUpdateSql = $"SELECT {UserRow.Columns} FROM users WHERE id = ?1 OR email = ?2";

    // Users.Where(user => user.Id == id && (etag == null || user.Etag == etag)).ExecuteDelete()
    private const string DeleteSql = "DELETE FROM users WHERE id = ?1 AND (?2 IS NULL OR etag = ?2)";

    // HighestIds, where no user has a larger id.
    private const string NoteDeletedSql =
        $"UPDATE highest_ids SET id = ?1 WHERE kind = '{HighestId.OfUsers}' AND id < ?1 AND NOT EXISTS (SELECT 1 FROM users WHERE id > ?1)";

    private readonly UserInsert _insert = new(statements);

    public UserWrite Create(NewUser user)
    {
        User row = rows.User(user);
        return _insert.Run(row) ? new UserWrite(UserWriteStatus.Done, row) : Refusal(row);
    }

    public UserWrite[] Create(IReadOnlyList<NewUser> users)
    {
        User[] created = rows.Users(users);
        bool[] inserted = _insert.RunMany(created);
        var writes = new UserWrite[created.Length];
        for (int i = 0; i < writes.Length; i++)
        {
            writes[i] = inserted[i] ? new UserWrite(UserWriteStatus.Done, created[i]) : Refusal(created[i]);
        }

        return writes;
    }

    public UserWrite Update(UserChange change)
    {
        List<User> found = statements[FindForUpdateSql].All([change.Id, change.Email], UserRow.Read);
        if (ChangeJudge.Refusal(change, found) is { } refusal)
        {
            return new UserWrite(refusal);
        }

        User user = found[0];
        User changed = change.Apply(user, rows.Now(), rows.Etag());
        PreparedStatement update = statements[changed.Email == user.Email ? UserRow.UpdateButEmail : UserRow.Update];
        UserRow.BindRead(update, 0, changed);
        update.Execute();
        return new UserWrite(UserWriteStatus.Done, changed);
    }

    public UserWriteStatus Delete(string id, string? etag)
    {
        if (statements[DeleteSql].Execute([id, etag]) > 0)
        {
            statements[NoteDeletedSql].Execute([id]);
            return UserWriteStatus.Done;
        }

        return _insert.Exists(id) ? UserWriteStatus.EtagMismatch : UserWriteStatus.NotFound;
    }

    public int Seed(IReadOnlyList<SeedUser> users)
    {
        db.NoteFirstUsers();
        return rows.Seeds(users).Count(_insert.Run);
    }

    /// <summary>The user that was created under a key, and the hash of the content that was asked for.</summary>
    public (User User, string Hash)? FindByRequestId(string requestId) =>
        statements[FindByRequestIdSql].One<(User, string)?>(requestId, static row => (UserRow.Read(row), row.Text(UserRow.Count)));

    // A larger id is that of a later user of the same batch: when this one's turn was, its email was taken.
    private UserWrite Refusal(User row) =>
        row.RequestId is null || FindByRequestId(row.RequestId) is not { } found || string.CompareOrdinal(found.User.Id, row.Id) > 0
            ? new UserWrite(UserWriteStatus.EmailTaken)
            : RequestHash.Judge(found.User, found.Hash, row);
}
