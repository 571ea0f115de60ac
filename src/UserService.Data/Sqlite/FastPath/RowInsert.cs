namespace Users.Data.Sqlite.FastPath;

/// <summary>
/// An INSERT of one row, and the same of many: what SQLite does once for a statement is two fifths of what it does for a statement of
/// one row. Both are made once, since <see cref="PreparedStatements"/> knows them by reference.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns, in the order in which a row binds them.</param>
/// <param name="end">What follows the rows, or nothing.</param>
internal sealed class RowInsert(string table, string[] columns, string end = "")
{
    /// <summary>The rows of one statement, where there are as many.</summary>
    public const int Many = 50;

    private readonly string _one = Sql(table, columns, 1, end);
    private readonly string _many = Sql(table, columns, Many, end);

    /// <summary>How many parameters a row has.</summary>
    public int Columns => columns.Length;

    public PreparedStatement One(PreparedStatements statements) => statements[_one];

    /// <summary>The statement for the next rows of <paramref name="left"/>, and how many it takes.</summary>
    public (PreparedStatement Insert, int Rows) Next(PreparedStatements statements, int left) =>
        left >= Many ? (statements[_many], Many) : (statements[_one], 1);

    private static string Sql(string table, string[] columns, int rows, string end)
    {
        string row = $"({string.Join(", ", Enumerable.Repeat("?", columns.Length))})";
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {string.Join(", ", Enumerable.Repeat(row, rows))} {end}";
    }
}
