namespace Users.Data;

/// <summary>
/// Whether a database waits for its first users, noted in the file: so a start that is killed between the migrations and the
/// users leaves them to the next one. SQLite keeps user_version for the application, 0 until it is set, and changes it with
/// the transaction.
/// </summary>
internal static class FirstUsers
{
    public static bool AreDue(UsersContext context) =>
        context.Prepare("PRAGMA user_version").Texts().Single() == "1";

    public static void SetDue(UsersContext context, bool due) =>
        context.Prepare(due ? "PRAGMA user_version = 1" : "PRAGMA user_version = 0").Execute();
}
