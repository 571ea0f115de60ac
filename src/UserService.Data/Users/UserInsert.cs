namespace Users.Data;

/// <summary>
/// Inserts users below EF Core, without an exception for one that exists. Tests hold it equal to what EF stores.
/// </summary>
internal static class UserInsert
{
    /// <summary>The rows of one statement of <see cref="RunMany"/>: what SQLite does once for each is two fifths of a row's cost.</summary>
    public const int Many = 50;

    private const int Columns = 8;

    private const string ExistsSql = "SELECT 1 FROM users WHERE id = ?1";

    private static readonly string OneSql = Sql(1);

    private static readonly string ManySql = Sql(Many);

    /// <summary>False: another user has the id, the email or the request id.</summary>
    public static bool Run(UsersContext db, User row)
    {
        PreparedStatement insert = db.Prepare(OneSql);
        Bind(insert, 0, row);
        return insert.Execute() > 0;
    }

    /// <summary>Inserts rows in their order, and says of each what <see cref="Run"/> would. No user before them may have their ids.</summary>
    public static bool[] RunMany(UsersContext db, ReadOnlySpan<User> rows)
    {
        var inserted = new bool[rows.Length];
        int first = 0;
        for (; first + Many <= rows.Length; first += Many)
        {
            PreparedStatement insert = db.Prepare(ManySql);
            for (int i = 0; i < Many; i++)
            {
                Bind(insert, i * Columns, rows[first + i]);
            }

            // Fewer than all: which, the ids tell.
            bool all = insert.Execute() == Many;
            for (int i = first; i < first + Many; i++)
            {
                inserted[i] = all || db.Prepare(ExistsSql).One(rows[i].Id, static _ => true);
            }
        }

        for (; first < rows.Length; first++)
        {
            inserted[first] = Run(db, rows[first]);
        }

        return inserted;
    }

    private static string Sql(int rows) => $"""
        INSERT INTO users (id, name, email, create_time, update_time, etag, request_id, request_hash)
        VALUES {string.Join(", ", Enumerable.Repeat("(?, ?, ?, ?, ?, ?, ?, ?)", rows))}
        ON CONFLICT DO NOTHING
        """;

    private static void Bind(PreparedStatement insert, int before, User row)
    {
        insert.Bind(before + 1, row.Id);
        insert.Bind(before + 2, row.Name);
        insert.Bind(before + 3, row.Email);
        insert.Bind(before + 4, UnixMicrosecondsConverter.ToMicroseconds(row.CreateTime));
        insert.Bind(before + 5, UnixMicrosecondsConverter.ToMicroseconds(row.UpdateTime));
        insert.Bind(before + 6, row.Etag);
        insert.Bind(before + 7, row.RequestId);
        insert.Bind(before + 8, row.RequestHash);
    }
}
