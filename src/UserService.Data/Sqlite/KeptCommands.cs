using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Users.Data.Sqlite;

/// <summary>
/// Runs EF Core's statements by commands that stay with their connection: SQLite compiles a statement once for a command, and EF Core makes a
/// new command each time. A connection runs one statement at a time.
/// </summary>
internal sealed class KeptCommands : DbCommandInterceptor
{
    // EF Core has a text for each number of rows that it writes, so there is no end to them.
    private const int MaxOfConnection = 100;

    private readonly ConditionalWeakTable<DbConnection, Dictionary<string, SqliteCommand>> _kept = [];

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        result.HasResult ? result : InterceptionResult<DbDataReader>.SuppressWithResult(Keep((SqliteCommand)command).ExecuteReader());

    // SQLite has no asynchronous calls.
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(ReaderExecuting(command, eventData, result));
    }

    private SqliteCommand Keep(SqliteCommand command)
    {
        Dictionary<string, SqliteCommand> ofConnection = _kept.GetOrCreateValue(command.Connection!);
        if (!ofConnection.TryGetValue(command.CommandText, out SqliteCommand? kept))
        {
            if (ofConnection.Count == MaxOfConnection)
            {
                return command;
            }

            kept = command.Connection!.CreateCommand();
            kept.CommandText = command.CommandText;
            ofConnection.Add(kept.CommandText, kept);
        }

        kept.Transaction = command.Transaction;
        kept.CommandTimeout = command.CommandTimeout;
        kept.Parameters.Clear();
        foreach (SqliteParameter parameter in command.Parameters)
        {
            kept.Parameters.Add(parameter);
        }

        return kept;
    }
}
