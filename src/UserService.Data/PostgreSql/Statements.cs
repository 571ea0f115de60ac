using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>Runs statements in the transaction of a context, several in one round trip.</summary>
internal static class Statements
{
    /// <summary>What the rows of a statement say.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(this DbDataReader reader, Func<DbDataReader, T> read)
    {
        while (await reader.ReadAsync())
        {
            yield return read(reader);
        }
    }

    /// <summary>Runs statements without rows; each then knows how many rows it changed.</summary>
    public static async Task RunAsync(this DbContext db, IReadOnlyList<NpgsqlBatchCommand> commands)
    {
        if (commands.Count > 0)
        {
            await using NpgsqlBatch batch = db.Batch(commands);
            await batch.ExecuteNonQueryAsync();
        }
    }

    public static NpgsqlBatch Batch(this DbContext db, IEnumerable<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(
            (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        foreach (NpgsqlBatchCommand command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
