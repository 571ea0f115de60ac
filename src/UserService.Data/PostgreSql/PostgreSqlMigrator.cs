using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>Brings a database up to this program's schema: one replica at a time, and the others find it done.</summary>
internal sealed partial class PostgreSqlMigrator(StoreStart start, Connections connections, TimeSpan wait)
{
    // Any number, the same for each replica: "users" in ASCII.
    private const long LockKey = 0x7573657273;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly ILogger _logger = start.Logging.CreateLogger<PostgreSqlMigrator>();

    /// <summary>Migrates if need be, and says which migrations it ran.</summary>
    public string[] Run()
    {
        using NpgsqlConnection connection = Connect();
        RequireDurability(connection);
        using var context = new PostgreSqlUsersContext(PostgreSqlUsersContext.Options(connection, start.Logging, []));
        // Of the session: a migration that fails lets go of it with the connection.
        if (!Read<bool>(connection, $"SELECT pg_try_advisory_lock({LockKey})"))
        {
            Log.Waits(_logger, connections.Place);
            Read<object>(connection, $"SELECT pg_advisory_lock({LockKey})", timeout: 0);
        }

        string[] ran = Migrate(context);
        Read<bool>(connection, $"SELECT pg_advisory_unlock({LockKey})");
        return ran;
    }

    /// <summary>The largest id that a user has or had, or null: from where new ids go on.</summary>
    public static string? LargestUserId(PostgreSqlUsersContext db)
    {
        string? last = db.Users.Max(user => user.Id);
        string deleted = db.HighestIds.Where(highest => highest.Kind == HighestId.OfUsers).Select(highest => highest.Id).Single();
        return string.CompareOrdinal(last, deleted) > 0 ? last : deleted is "" ? null : deleted;
    }

    private string[] Migrate(PostgreSqlUsersContext context)
    {
        string[] known = [.. context.Database.GetMigrations()];
        string[] found = [.. context.GetService<IHistoryRepository>() is { } history && history.Exists()
            ? history.GetAppliedMigrations().Select(row => row.MigrationId) : []];
        if (found.Except(known).Any())
        {
            throw new UserStoreException($"The database {connections.Place} was written by a newer version of this program; run that version.");
        }

        string[] missing = [.. known.Except(found)];
        if (missing.Length > 0)
        {
            // A large table takes as long as it takes; a call's time limit would cut the migration off at each start.
            context.Database.SetCommandTimeout(0);
            context.Database.Migrate();
        }

        return missing;
    }

    private NpgsqlConnection Connect()
    {
        long begin = start.Time.GetTimestamp();
        string said = "";
        while (true)
        {
            try
            {
                return connections.Background.OpenConnection();
            }
            catch (NpgsqlException error) when (PostgreSqlErrors.MayPass(error) && start.Time.GetElapsedTime(begin) < wait)
            {
                string sentence = PostgreSqlErrors.ForOperator(error, connections.Place);
                if (sentence != said)
                {
                    Log.Absent(_logger, sentence, wait);
                    said = sentence;
                }

                Thread.Sleep(Pause);
            }
        }
    }

    private void RequireDurability(NpgsqlConnection connection)
    {
        foreach (string setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
        {
            string value = Read<string>(connection, $"SHOW {setting}");
            if (value is not ("on" or "remote_apply"))
            {
                throw new UserStoreException(
                    $"The database {connections.Place} has {setting} = {value}, and would lose what it has acknowledged; set it to on.");
            }
        }
    }

    private static T Read<T>(NpgsqlConnection connection, string sql, int? timeout = null)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = timeout ?? command.CommandTimeout;
        return (T)command.ExecuteScalar()!;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Another replica migrates the database {Place}: waiting until it has")]
        public static partial void Waits(ILogger logger, string place);

        [LoggerMessage(2, LogLevel.Warning, "{Sentence} Trying again for {Wait} in all")]
        public static partial void Absent(ILogger logger, string sentence, TimeSpan wait);
    }
}
