using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Users.Data.Sqlite;

/// <summary>
/// Whether a database waits for its first users, noted in the file: so a start that is killed between the migrations and the
/// users leaves them to the next one. SQLite keeps user_version for the application, 0 until it is set, and changes it with
/// the transaction.
/// </summary>
internal static class FirstUsers
{
    public static bool AreDue(SqliteUsersContext context)
    {
        using DbCommand command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return command.ExecuteScalar() is 1L;
    }

    public static void SetDue(SqliteUsersContext context, bool due) =>
        context.Database.ExecuteSqlRaw(due ? "PRAGMA user_version = 1" : "PRAGMA user_version = 0");
}
