using Npgsql;

namespace Users.Benchmarks.PostgreSql;

/// <summary>The floor: the same statements by hand, prepared, on as many connections as there are callers.</summary>
internal sealed class HandSide(string connection) : IAsyncDisposable
{
    private const string Columns = "id, name, email, create_time, update_time, etag, request_id, request_hash";

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create($"{connection};Max Auto Prepare=20;Maximum Pool Size=20");
    private string[] _ids = [];
    private string _after = "";
    private int _created;

    public async Task<int> FindAsync()
    {
        if (_ids.Length == 0)
        {
            await using NpgsqlCommand all = _source.CreateCommand($"SELECT {Columns} FROM users ORDER BY id LIMIT 20000");
            _ids = [.. await ReadAsync(all)];
        }

        await using NpgsqlCommand find = _source.CreateCommand($"SELECT {Columns} FROM users WHERE id = $1");
        find.Parameters.Add(new NpgsqlParameter { Value = _ids[Random.Shared.Next(_ids.Length)] });
        return (await ReadAsync(find)).Count;
    }

    public async Task<int> ListAsync()
    {
        await using NpgsqlCommand page = _source.CreateCommand($"SELECT {Columns} FROM users WHERE id > $1 ORDER BY id LIMIT 500");
        page.Parameters.Add(new NpgsqlParameter { Value = _after });
        List<string> ids = await ReadAsync(page);
        _after = ids.Count < 500 ? "" : ids[^1];
        return ids.Count;
    }

    public Task<int> CreateAsync() => InsertAsync(1);

    public Task<int> ImportAsync() => InsertAsync(1_000);

    /// <summary>PostgreSQL's fastest way in, which has no answer for a row and fails as a whole where an email is taken.</summary>
    public async Task<int> CopyAsync()
    {
        (string[][] texts, long[] times) = Rows(1_000);
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync($"COPY users ({Columns}) FROM STDIN (FORMAT BINARY)");
        for (int i = 0; i < times.Length; i++)
        {
            await import.WriteRowAsync(CancellationToken.None, texts[0][i], texts[1][i], texts[2][i], times[i], times[i], texts[3][i], texts[4][i], texts[5][i]);
        }

        return (int)await import.CompleteAsync();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Every column, as the store does.
    private static async Task<List<string>> ReadAsync(NpgsqlCommand command)
    {
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        List<string> ids = [];
        while (await rows.ReadAsync())
        {
            ids.Add(rows.GetString(0));
            _ = (rows.GetString(1), rows.GetString(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetString(5), rows.GetValue(6), rows.GetValue(7));
        }

        return ids;
    }

    private (string[][] Texts, long[] Times) Rows(int count)
    {
        string[][] texts = [.. Enumerable.Range(0, 6).Select(_ => new string[count])];
        long[] times = new long[count];
        for (int i = 0; i < count; i++)
        {
            int number = Interlocked.Increment(ref _created);
            (texts[0][i], texts[1][i], texts[2][i]) = ($"{Guid.CreateVersion7()}", $"User {number}", $"hand{number * 7919L % 1_000_003}.{number}@example.org");
            (texts[3][i], texts[4][i], texts[5][i], times[i]) = ("0123456789abcdef", $"{Guid.NewGuid()}", new string('0', 64), 1_000_000L * number);
        }

        return (texts, times);
    }

    private async Task<int> InsertAsync(int count)
    {
        (string[][] texts, long[] times) = Rows(count);
        await using NpgsqlCommand insert = _source.CreateCommand($"""
            INSERT INTO users ({Columns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id
            """);
        foreach (object value in (object[])[texts[0], texts[1], texts[2], times, times, texts[3], texts[4], texts[5]])
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using NpgsqlDataReader rows = await insert.ExecuteReaderAsync();
        int stored = 0;
        while (await rows.ReadAsync())
        {
            stored++;
        }

        return stored == count ? count : throw new InvalidOperationException();
    }
}
