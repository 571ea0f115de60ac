using Microsoft.Data.Sqlite;

namespace Users.Data.Sqlite.FastPath;

/// <summary>The statements of one connection, which is open and stays so; each is compiled when it is first asked for.</summary>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    // By reference, since to hash a long statement costs as much as to bind one of its parameters.
    private readonly Dictionary<string, PreparedStatement> _known = new(ReferenceEqualityComparer.Instance);

    /// <param name="sql">A constant, or made once.</param>
    public PreparedStatement this[string sql] => _known.TryGetValue(sql, out PreparedStatement? known)
        ? known
        : _known[sql] = new PreparedStatement(connection, sql);

    /// <summary>Comes before the connection's own: SQLite keeps a closed one alive while a statement of it is.</summary>
    public void Dispose()
    {
        foreach (PreparedStatement statement in _known.Values)
        {
            statement.Dispose();
        }
    }
}
