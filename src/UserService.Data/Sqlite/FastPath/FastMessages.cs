namespace Users.Data.Sqlite.FastPath;

/// <summary>Appends messages as <see cref="EfMessages"/> does.</summary>
internal sealed class FastMessages(FastReader reader, PreparedStatements statements, NewRows rows)
{
    // Users.Any(user => user.Id == userId)
    private const string UserSql = "SELECT 1 FROM users WHERE id = ?1";

    // Messages.AddRange(entries)
    private static readonly RowInsert Insert = new("chat_messages", ["room", "sequence", "user_id", "text", "time"]);

    public ChatEntry[]? Post(PostMessages post)
    {
        if (post.IsUser && !statements[UserSql].One(post.UserId, static _ => true))
        {
            return null;
        }

        ChatEntry[] entries = rows.Messages(post, reader.LastSequence(post.Room));
        for (int first = 0; first < entries.Length;)
        {
            (PreparedStatement insert, int count) = Insert.Next(statements, entries.Length - first);
            for (int i = 0; i < count; i++, first++)
            {
                Bind(insert, i * Insert.Columns, entries[first]);
            }

            insert.Execute();
        }

        return entries;
    }

    // In the order of the columns above.
    private static void Bind(PreparedStatement insert, int parameter, ChatEntry entry)
    {
        insert.Bind(++parameter, entry.Room);
        insert.Bind(++parameter, entry.Sequence);
        insert.Bind(++parameter, entry.UserId);
        insert.Bind(++parameter, entry.Text);
        insert.Bind(++parameter, UnixMicrosecondsConverter.ToMicroseconds(entry.Time));
    }
}
