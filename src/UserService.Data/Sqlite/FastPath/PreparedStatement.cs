using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Users.Data.Sqlite.FastPath;

/// <summary>
/// A statement that stays compiled on its connection, without the command, the reader and the delegates that EF Core builds around one.
/// As in SQLite, parameters count from 1 and columns from 0.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    // Few texts need more, and the runtime clears all of it for each.
    private const int MaxStackBytes = 256;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(sqlite3_prepare_v3(_connection, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Bind(int parameter, long value) => Check(sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(sqlite3_bind_null(_statement, parameter));
        }
        else if (value.Length == 0)
        {
            // An empty span would be bound as NULL.
            Check(sqlite3_bind_text(_statement, parameter, ""));
        }
        else
        {
            int size = Encoding.UTF8.GetMaxByteCount(value.Length);
            Span<byte> utf8 = size <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[size];
            Check(sqlite3_bind_text(_statement, parameter, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
        }
    }

    /// <summary>What the first row of a key says; the default if there is none.</summary>
    public T? One<T>(string key, Func<PreparedStatement, T> read) => One([key], read);

    /// <inheritdoc cref="One{T}(string, Func{PreparedStatement, T})"/>
    public T? One<T>(ReadOnlySpan<string> key, Func<PreparedStatement, T> read)
    {
        try
        {
            Bind(key);
            return Step() ? read(this) : default;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>What the rows of a key say.</summary>
    public List<T> All<T>(ReadOnlySpan<string?> key, Func<PreparedStatement, T> read)
    {
        try
        {
            Bind(key);
            List<T> rows = [];
            while (Step())
            {
                rows.Add(read(this));
            }

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Goes on to the next row; false when there is none.</summary>
    public bool Step()
    {
        int result = sqlite3_step(_statement);
        if (result is not (SQLITE_ROW or SQLITE_DONE))
        {
            Check(result);
        }

        return result == SQLITE_ROW;
    }

    /// <summary>Runs a statement that has no rows, and says how many it changed.</summary>
    public int Execute()
    {
        try
        {
            Step();
            return sqlite3_changes(_connection);
        }
        finally
        {
            Reset();
        }
    }

    /// <inheritdoc cref="Execute()"/>
    public int Execute(ReadOnlySpan<string?> key)
    {
        Bind(key);
        return Execute();
    }

    public string Text(int column) => Encoding.UTF8.GetString(sqlite3_column_blob(_statement, column));

    public string? TextOrNull(int column) => sqlite3_column_type(_statement, column) == SQLITE_NULL ? null : Text(column);

    public long Integer(int column) => sqlite3_column_int64(_statement, column);

    /// <summary>Makes it ready for its next run, and lets go of what it read: until then its read transaction is open.</summary>
    public void Reset() => sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    private void Bind(ReadOnlySpan<string?> key)
    {
        for (int i = 0; i < key.Length; i++)
        {
            Bind(i + 1, key[i]);
        }
    }

    private void Check(int result)
    {
        if (result != SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _connection);
        }
    }
}
