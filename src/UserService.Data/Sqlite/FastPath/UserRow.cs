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

    /// <summary>Sets the row with the id ?1 to what <see cref="BindRead"/> binds.</summary>
    public static string Update { get; } = UpdateOf(Names[1..]);

    /// <summary>The same without the email, whose index SQLite writes anew even where it is the same.</summary>
    public static string UpdateButEmail { get; } = UpdateOf(Names[1..].Where(name => name != "email"));

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
        parameter = BindRead(insert, parameter, row);
        insert.Bind(++parameter, row.RequestId);
        insert.Bind(++parameter, row.RequestHash);
    }

    /// <summary>Binds the columns that are read, and says how many parameters are bound by then.</summary>
    public static int BindRead(PreparedStatement statement, int parameter, User row)
    {
        statement.Bind(++parameter, row.Id);
        statement.Bind(++parameter, row.Name);
        statement.Bind(++parameter, row.Email);
        statement.Bind(++parameter, UnixMicrosecondsConverter.ToMicroseconds(row.CreateTime));
        statement.Bind(++parameter, UnixMicrosecondsConverter.ToMicroseconds(row.UpdateTime));
        statement.Bind(++parameter, row.Etag);
        return parameter;
    }

    private static string UpdateOf(IEnumerable<string> names) =>
        $"UPDATE users SET {string.Join(", ", names.Select(name => $"{name} = ?{Array.IndexOf(Names, name) + 1}"))} WHERE id = ?1";
}
