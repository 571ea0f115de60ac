using Npgsql;

namespace Users.Benchmarks.PostgreSql;

/// <summary>A database that is filled once, and a copy of it for each round.</summary>
/// <param name="connection">To the filled one; its role may create databases.</param>
internal sealed class LoadDatabases(string connection)
{
    private readonly NpgsqlConnectionStringBuilder _template = new(connection);

    /// <summary>Makes a copy, in the place of an earlier one of this round.</summary>
    /// <returns>How a server reaches it.</returns>
    public async Task<string> CopyAsync(int round)
    {
        string copy = $"{_template.Database}_{round}";
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{copy}\" WITH (FORCE)");
        await ExecuteAsync($"CREATE DATABASE \"{copy}\" TEMPLATE \"{_template.Database}\"");
        return new NpgsqlConnectionStringBuilder(connection) { Database = copy }.ConnectionString;
    }

    public Task DropAsync(int round) => ExecuteAsync($"DROP DATABASE IF EXISTS \"{_template.Database}_{round}\" WITH (FORCE)");

    private async Task ExecuteAsync(string sql)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Database = "postgres", Pooling = false }.ConnectionString);
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}
