namespace Users.Data;

/// <summary>
/// Appends messages below EF Core. The sequence comes from the table itself, so a commit that fails leaves nothing to take back.
/// </summary>
internal static class ChatInsert
{
    private const string UserSql = "SELECT 1 FROM users WHERE id = ?1";

    private const string EndSql = "SELECT max(sequence) FROM chat_messages WHERE room = ?1";

    private const string Sql = "INSERT INTO chat_messages (room, sequence, user_id, text, time) VALUES (?1, ?2, ?3, ?4, ?5)";

    /// <summary>The messages as they are stored, or null if there is no such user.</summary>
    public static ChatEntry[]? Run(UsersContext db, string room, string userId, IReadOnlyList<string> texts, DateTimeOffset time)
    {
        if (!db.Prepare(UserSql).One(userId, static _ => true))
        {
            return null;
        }

        // The writer's transaction is open: nobody else appends in between.
        long sequence = db.Prepare(EndSql).One(room, static row => row.Integer(0));
        PreparedStatement insert = db.Prepare(Sql);
        insert.Bind(1, room);
        insert.Bind(3, userId);
        insert.Bind(5, UnixMicrosecondsConverter.ToMicroseconds(time));
        var entries = new ChatEntry[texts.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            insert.Bind(2, ++sequence);
            insert.Bind(4, texts[i]);
            insert.Execute();
            entries[i] = new ChatEntry(room, sequence, userId, texts[i], time);
        }

        return entries;
    }
}
