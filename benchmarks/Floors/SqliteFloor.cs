using Microsoft.Data.Sqlite;

namespace Users.Benchmarks.Floors;

/// <summary>What SQLite does in this process with prepared statements and nothing around them, under synchronous=FULL.</summary>
internal sealed class SqliteFloor : IDisposable
{
    public static readonly string[] Works = ["get", "list", "commit-1", "commit-10", "commit-50", "commit-1000", "commit-1000-random"];

    private const int PageSize = 500;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly string _run = Guid.NewGuid().ToString("n")[..8];
    private long _created;

    public SqliteFloor(string database)
    {
        _connection = new SqliteConnection($"Data Source={database};Pooling=False");
        _connection.Open();
        // The journal's mode is the file's own, which the server set. All else is generous: a floor lacks nothing.
        Prepare("""
            PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; PRAGMA wal_autocheckpoint = 4000
            """).ExecuteNonQuery();
        _insert = Prepare(
            "INSERT INTO users (id, name, email, create_time, update_time, etag) VALUES ($id, $name, $email, $time, $time, $etag)",
            "$id", "$name", "$email", "$time", "$etag");
    }

    /// <summary>What does the work once, and says how many rows it was.</summary>
    public Func<int> StepOf(string work) => work switch
    {
        "get" => Get(),
        "list" => List(),
        "commit-1" => () => Commit(1, isRandom: false),
        "commit-10" => () => Commit(10, isRandom: false),
        "commit-50" => () => Commit(50, isRandom: false),
        "commit-1000" => () => Commit(1_000, isRandom: false),
        "commit-1000-random" => () => Commit(1_000, isRandom: true),
        _ => throw new ArgumentOutOfRangeException(nameof(work), work, $"One of {string.Join(", ", Works)}."),
    };

    public void Dispose() => _connection.Dispose();

    private Func<int> Get()
    {
        var ids = new List<string>();
        using (SqliteDataReader reader = Prepare("SELECT id FROM users").ExecuteReader())
        {
            while (reader.Read())
            {
                ids.Add(reader.GetString(0));
            }
        }

        SqliteCommand find = Prepare("SELECT id, name, email, create_time, update_time, etag FROM users WHERE id = $id", "$id");
        return () =>
        {
            find.Parameters[0].Value = ids[Random.Shared.Next(ids.Count)];
            return Read(find, out _);
        };
    }

    private Func<int> List()
    {
        SqliteCommand page = Prepare(
            "SELECT id, name, email, create_time, update_time, etag FROM users WHERE id > $after ORDER BY id LIMIT $count", "$after", "$count");
        page.Parameters[1].Value = PageSize;
        string after = "";
        return () =>
        {
            page.Parameters[0].Value = after;
            int rows = Read(page, out after);
            after = rows < PageSize ? "" : after;
            return rows;
        };
    }

    private int Commit(int rows, bool isRandom)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        for (int i = 0; i < rows; i++)
        {
            _created++;
            _insert.Parameters[0].Value = Guid.CreateVersion7().ToString();
            _insert.Parameters[1].Value = "Ada Lovelace";
            _insert.Parameters[2].Value = isRandom ? $"{Guid.NewGuid():n}@example.com" : $"z{_run}.{_created:d9}@example.com";
            _insert.Parameters[3].Value = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
            _insert.Parameters[4].Value = $"{_created:x16}";
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return rows;
    }

    private static int Read(SqliteCommand query, out string last)
    {
        int rows = 0;
        last = "";
        using SqliteDataReader reader = query.ExecuteReader();
        for (; reader.Read(); rows++)
        {
            last = reader.GetString(0);
            _ = (reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetString(5));
        }

        return rows;
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters)
        {
            command.Parameters.Add(new SqliteParameter(name, null));
        }

        command.Prepare();
        return command;
    }
}
