namespace Users.Data;

/// <summary>
/// Appends messages below EF Core. The sequence comes from the table itself, so a commit that fails leaves nothing to take back.
/// </summary>
internal static class ChatInsert
{
    private const string UserSql = "SELECT 1 FROM users WHERE id = ?1";

    private const string EndSql = "SELECT max(sequence) FROM chat_messages WHERE room = ?1";

    private const int Columns = 5;

    private static readonly RowInsert Insert = new("chat_messages (room, sequence, user_id, text, time)", Columns);

    /// <summary>The messages as they are stored, or null if there is no such user.</summary>
    public static ChatEntry[]? Run(UsersContext db, string room, string userId, IReadOnlyList<string> texts, DateTimeOffset time)
    {
        if (!db.Prepare(UserSql).One(userId, static _ => true))
        {
            return null;
        }

        // The writer's transaction is open: nobody else appends in between.
        long sequence = db.Prepare(EndSql).One(room, static row => row.Integer(0));
        ChatEntry[] entries = [.. texts.Select((text, i) => new ChatEntry(room, sequence + 1 + i, userId, text, time))];
        for (int first = 0; first < entries.Length;)
        {
            (PreparedStatement insert, int count) = Insert.Next(db, entries.Length - first);
            for (int i = 0; i < count; i++, first++)
            {
                Bind(insert, i * Columns, entries[first]);
            }

            insert.Execute();
        }

        return entries;
    }

    private static void Bind(PreparedStatement insert, int before, ChatEntry entry)
    {
        insert.Bind(before + 1, entry.Room);
        insert.Bind(before + 2, entry.Sequence);
        insert.Bind(before + 3, entry.UserId);
        insert.Bind(before + 4, entry.Text);
        insert.Bind(before + 5, UnixMicrosecondsConverter.ToMicroseconds(entry.Time));
    }
}
