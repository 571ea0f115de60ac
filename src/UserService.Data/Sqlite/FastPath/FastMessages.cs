namespace Users.Data.Sqlite.FastPath;

/// <summary>Appends messages as <see cref="EfMessages"/> does.</summary>
internal sealed class FastMessages(FastReader reader, PreparedStatements statements, NewRows rows)
{
    // Users.Any(user => user.Id == userId)
    private const string UserSql = "SELECT 1 FROM users WHERE id = ?1";

    // Messages.Where(message => message.RequestId == requestId && message.Room == room && message.UserId == userId)
    private const string EarlierSql = "SELECT sequence, text, time FROM chat_messages WHERE request_id = ?1 AND room = ?2 AND user_id = ?3";

    // room.Last += count
    private const string RaiseSql = "INSERT INTO rooms (name, last) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET last = excluded.last";

    // Messages.Where(message => message.Room == room && message.Sequence > sequence).ExecuteDelete()
    private const string TakeBackSql = "DELETE FROM chat_messages WHERE room = ?1 AND sequence > ?2";

    // Messages.AddRange(entries), but for those that the index of request ids refuses
    private static readonly RowInsert Insert = new(
        "chat_messages",
        ["room", "sequence", "user_id", "text", "time", "request_id"],
        "ON CONFLICT (request_id, room, user_id) WHERE request_id IS NOT NULL DO NOTHING");

    public Posted Post(PostMessages post)
    {
        if (post.IsUser && !statements[UserSql].One(post.UserId, static _ => true))
        {
            return PostJudge.NoSpeaker;
        }

        long last = reader.LastSequence(post.Room);
        DateTimeOffset now = rows.Now();
        // Most messages are new, and to look for each first would cost as much as all else that is done for it.
        Posted posted = PostJudge.Add(post, last, now);
        if (!TryAppend(posted.Added))
        {
            Run(TakeBackSql, post.Room, last);
            posted = PostJudge.Judge(post, last, Earlier(post), now);
            TryAppend(posted.Added);
        }

        if (posted.Added.Count > 0)
        {
            Run(RaiseSql, post.Room, last + posted.Added.Count);
        }

        return posted;
    }

    private List<ChatEntry> Earlier(PostMessages post)
    {
        List<ChatEntry> earlier = [];
        foreach (string requestId in post.RequestIds)
        {
            if (statements[EarlierSql].One([requestId, post.Room, post.UserId], Entry) is { } entry)
            {
                earlier.Add(entry);
            }

            ChatEntry Entry(PreparedStatement row) => new(
                post.Room, row.Integer(0), post.UserId, row.Text(1), UnixMicrosecondsConverter.FromMicroseconds(row.Integer(2)), requestId);
        }

        return earlier;
    }

    /// <returns>False: some have a request id of a message that is there.</returns>
    private bool TryAppend(IReadOnlyList<ChatEntry> entries)
    {
        int appended = 0;
        for (int first = 0; first < entries.Count;)
        {
            (PreparedStatement insert, int count) = Insert.Next(statements, entries.Count - first);
            for (int i = 0; i < count; i++, first++)
            {
                Bind(insert, i * Insert.Columns, entries[first]);
            }

            appended += insert.Execute();
        }

        return appended == entries.Count;
    }

    private void Run(string sql, string room, long sequence)
    {
        PreparedStatement statement = statements[sql];
        statement.Bind(1, room);
        statement.Bind(2, sequence);
        statement.Execute();
    }

    // In the order of the columns above.
    private static void Bind(PreparedStatement insert, int parameter, ChatEntry entry)
    {
        insert.Bind(++parameter, entry.Room);
        insert.Bind(++parameter, entry.Sequence);
        insert.Bind(++parameter, entry.UserId);
        insert.Bind(++parameter, entry.Text);
        insert.Bind(++parameter, UnixMicrosecondsConverter.ToMicroseconds(entry.Time));
        insert.Bind(++parameter, entry.RequestId);
    }
}
