namespace Users.Data;

/// <summary>
/// Reads users below EF Core: the look-ups and the pages of a list, which are most of what a server of users does. A test holds
/// them equal to EF's own queries.
/// </summary>
internal static class UserRead
{
    private const string Columns = "id, name, email, create_time, update_time, etag";

    private const string FindSql = $"SELECT {Columns} FROM users WHERE id = ?1";

    private const string FindByRequestIdSql = $"SELECT {Columns}, request_hash FROM users WHERE request_id = ?1";

    private const string PageSql = $"SELECT {Columns} FROM users WHERE id > ?1 ORDER BY id LIMIT ?2";

    public static User? Find(UsersContext db, string id) =>
        db.Prepare(FindSql).One(id, ReadRow);

    /// <summary>The user that was created under a key, and the hash of the content that was asked for.</summary>
    public static (User User, string Hash)? FindByRequestId(UsersContext db, string requestId) =>
        db.Prepare(FindByRequestIdSql).One<(User, string)?>(requestId, static row => (ReadRow(row), row.Text(6)));

    public static List<User> PageAfter(UsersContext db, string afterId, int count)
    {
        PreparedStatement page = db.Prepare(PageSql);
        try
        {
            page.Bind(1, afterId);
            page.Bind(2, count);
            List<User> users = [];
            while (page.Step())
            {
                users.Add(ReadRow(page));
            }

            return users;
        }
        finally
        {
            page.Reset();
        }
    }

    private static User ReadRow(PreparedStatement row) => new()
    {
        Id = row.Text(0),
        Name = row.Text(1),
        Email = row.Text(2),
        CreateTime = UnixMicrosecondsConverter.FromMicroseconds(row.Integer(3)),
        UpdateTime = UnixMicrosecondsConverter.FromMicroseconds(row.Integer(4)),
        Etag = row.Text(5),
    };
}
