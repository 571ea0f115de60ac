namespace Users.Data.Sqlite.FastPath;

/// <summary>Appends messages as <see cref="EfMessages"/> does.</summary>
internal sealed class FastMessages(FastReader reader, PreparedStatements statements, NewRows rows)
{
    private const int Columns = 5;

    // Users.Any(user => user.Id == userId)
    private const string UserSql = "SELECT 1 FROM users WHERE id = ?1";

    // Messages.AddRange(entries)
    private static readonly RowInsert Insert = new("chat_messages (room, sequence, user_id, text, time)", Columns);

    public ChatEntry[]? Post(PostMessages post)
    {
        if (!statements[UserSql].One(post.UserId, static _ => true))
        {
            return null;
        }

        ChatEntry[] entries = rows.Messages(post, reader.LastSequence(post.Room));
        for (int first = 0; first < entries.Length;)
        {
            (PreparedStatement insert, int count) = Insert.Next(statements, entries.Length - first);
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
