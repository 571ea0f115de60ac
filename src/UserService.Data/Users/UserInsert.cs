namespace Users.Data;

/// <summary>
/// Inserts a user below EF Core, without an exception for one that exists. A test holds it equal to what EF stores.
/// </summary>
internal static class UserInsert
{
    private const string Sql = """
        INSERT INTO users (id, name, email, create_time, update_time, etag, request_id, request_hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>False: another user has the id, the email or the request id.</summary>
    public static bool Run(UsersContext db, User row)
    {
        PreparedStatement insert = db.Prepare(Sql);
        insert.Bind(1, row.Id);
        insert.Bind(2, row.Name);
        insert.Bind(3, row.Email);
        insert.Bind(4, UnixMicrosecondsConverter.ToMicroseconds(row.CreateTime));
        insert.Bind(5, UnixMicrosecondsConverter.ToMicroseconds(row.UpdateTime));
        insert.Bind(6, row.Etag);
        insert.Bind(7, row.RequestId);
        insert.Bind(8, row.RequestHash);
        return insert.Execute() > 0;
    }
}
