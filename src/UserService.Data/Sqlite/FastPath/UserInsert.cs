namespace Users.Data.Sqlite.FastPath;

/// <summary>Inserts users without an exception for one that exists, in place of EF's AddRange and SaveChanges.</summary>
internal sealed class UserInsert(PreparedStatements statements)
{
    // Users.Any(user => user.Id == id)
    private const string ExistsSql = "SELECT 1 FROM users WHERE id = ?1";

    // Users.AddRange(rows)
    private static readonly RowInsert Insert = new(
        "users", ["id", "name", "email", "create_time", "update_time", "etag", "request_id", "request_hash"], "ON CONFLICT DO NOTHING");

    /// <summary>False: another user has the id, the email or the request id.</summary>
    public bool Run(User row)
    {
        PreparedStatement insert = Insert.One(statements);
        Bind(insert, 0, row);
        return insert.Execute() > 0;
    }

    /// <summary>Inserts rows in their order, and says of each what <see cref="Run"/> would. No user before them may have their ids.</summary>
    public bool[] RunMany(ReadOnlySpan<User> rows)
    {
        var inserted = new bool[rows.Length];
        for (int first = 0; first < rows.Length;)
        {
            (PreparedStatement insert, int count) = Insert.Next(statements, rows.Length - first);
            for (int i = 0; i < count; i++)
            {
                Bind(insert, i * Insert.Columns, rows[first + i]);
            }

            // All, none, as when an import is sent again, or some: then the ids tell which.
            int stored = insert.Execute();
            for (int end = first + count; first < end; first++)
            {
                inserted[first] = stored == count || (stored > 0 && statements[ExistsSql].One(rows[first].Id, static _ => true));
            }
        }

        return inserted;
    }

    // In the order of the columns above.
    private static void Bind(PreparedStatement insert, int parameter, User row)
    {
        insert.Bind(++parameter, row.Id);
        insert.Bind(++parameter, row.Name);
        insert.Bind(++parameter, row.Email);
        insert.Bind(++parameter, UnixMicrosecondsConverter.ToMicroseconds(row.CreateTime));
        insert.Bind(++parameter, UnixMicrosecondsConverter.ToMicroseconds(row.UpdateTime));
        insert.Bind(++parameter, row.Etag);
        insert.Bind(++parameter, row.RequestId);
        insert.Bind(++parameter, row.RequestHash);
    }
}
