namespace Users.Data.Sqlite.FastPath;

/// <summary>The columns of table users: how a row of it is read, and how one is inserted. A test compares them with the model's.</summary>
internal static class UserRow
{
    /// <summary>What <see cref="Read"/> reads, in its order.</summary>
    public const string Columns = "id, name, email, create_time, update_time, etag";

    private static readonly string[] Names = Columns.Split(", ");

    /// <summary>What <see cref="Bind"/> binds, in its order.</summary>
    public static readonly string[] Inserted = [.. Names, "request_id", "request_hash"];

    public static int Count => Names.Length;

    // An initializer runs from its first line to its last.
    public static User Read(PreparedStatement row)
    {
        int column = 0;
        return new User
        {
            Id = row.Text(column++),
            Name = row.Text(column++),
            Email = row.Text(column++),
            CreateTime = UnixMicrosecondsConverter.FromMicroseconds(row.Integer(column++)),
            UpdateTime = UnixMicrosecondsConverter.FromMicroseconds(row.Integer(column++)),
            Etag = row.Text(column++),
        };
    }

    /// <param name="insert">The statement.</param>
    /// <param name="parameter">How many parameters are bound before.</param>
    /// <param name="row">The row.</param>
    public static void Bind(PreparedStatement insert, int parameter, User row)
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
