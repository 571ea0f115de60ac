namespace Users.Data.Sqlite.FastPath;

/// <summary>Inserts users without an exception for one that exists, in place of EF's AddRange and SaveChanges.</summary>
internal sealed class UserInsert(PreparedStatements statements)
{
    // Users.Any(user => user.Id == id)
    private const string ExistsSql = "SELECT 1 FROM users WHERE id = ?1";

    // Users.AddRange(rows)
    private static readonly RowInsert Insert = new("users", UserRow.Inserted, "ON CONFLICT DO NOTHING");

    /// <summary>False: another user has the id, the email or the request id.</summary>
    public bool Run(User row)
    {
        PreparedStatement insert = Insert.One(statements);
        UserRow.Bind(insert, 0, row);
        return insert.Execute() > 0;
    }

    public bool Exists(string id) => statements[ExistsSql].One(id, static _ => true);

    /// <summary>Inserts rows in their order, and says of each what <see cref="Run"/> would. No user before them may have their ids.</summary>
    public bool[] RunMany(ReadOnlySpan<User> rows)
    {
        var inserted = new bool[rows.Length];
        for (int first = 0; first < rows.Length;)
        {
            (PreparedStatement insert, int count) = Insert.Next(statements, rows.Length - first);
            for (int i = 0; i < count; i++)
            {
                UserRow.Bind(insert, i * Insert.Columns, rows[first + i]);
            }

            // All, none, as when an import is sent again, or some: then the ids tell which.
            int stored = insert.Execute();
            for (int end = first + count; first < end; first++)
            {
                inserted[first] = stored == count || (stored > 0 && Exists(rows[first].Id));
            }
        }

        return inserted;
    }
}
