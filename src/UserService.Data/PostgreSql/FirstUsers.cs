using Microsoft.EntityFrameworkCore;

namespace Users.Data.PostgreSql;

/// <summary>
/// Whether a database waits for its first users: a row, which the commit that adds them deletes. So of several replicas that start at once
/// one adds them, and a user of them that was deleted since does not come back.
/// </summary>
internal static class FirstUsers
{
    public static bool AreDue(PostgreSqlUsersContext context) =>
        context.Database.SqlQuery<bool>($"SELECT EXISTS (SELECT FROM first_users_due) AS \"Value\"").AsEnumerable().Single();

    /// <summary>Takes the row, as a part of the open transaction, and says whether it was there.</summary>
    public static bool Take(PostgreSqlUsersContext context) => context.Database.ExecuteSql($"DELETE FROM first_users_due") > 0;
}
