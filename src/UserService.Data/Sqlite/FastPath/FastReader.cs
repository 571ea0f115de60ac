namespace Users.Data.Sqlite.FastPath;

/// <summary>Reads with prepared statements, each beside the query of <see cref="EfReader"/> that it stands for. Any other query is EF Core's.</summary>
/// <param name="db">Its connection is open.</param>
/// <param name="statements">Of that connection.</param>
/// <param name="snapshot">Kept between reads; null for the writer's reader, which reads inside of the writer's transaction.</param>
internal sealed class FastReader(SqliteUsersContext db, PreparedStatements statements, Snapshot? snapshot = null)
    : EfReader(db), IStoreReader
{
    // Users.SingleOrDefault(user => user.Id == id)
    private const string FindUserSql = $"SELECT {UserRow.Columns} FROM users WHERE id = ?1";

    // Users.Where(user => string.Compare(user.Id, afterId) > 0).OrderBy(user => user.Id).Take(count)
    private const string ReadUsersSql = $"SELECT {UserRow.Columns} FROM users WHERE id > ?1 ORDER BY id LIMIT ?2";

    // Rooms.Where(end => end.Name == room).Select(end => end.Last).SingleOrDefault()
    private const string LastSequenceSql = "SELECT last FROM rooms WHERE name = ?1";

    // Messages.Where(message => message.Room == room && message.Sequence > afterSequence).OrderBy(message => message.Sequence).Take(count)
    private const string ReadRoomSql =
        "SELECT sequence, user_id, text, time, request_id FROM chat_messages WHERE room = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";

    public void Begin() => snapshot?.Begin();

    public void End() => snapshot?.End();

    public override ValueTask<User?> FindUserAsync(string id, CancellationToken cancellationToken)
    {
        snapshot?.Keep();
        return ValueTask.FromResult(statements[FindUserSql].One(id, UserRow.Read));
    }

    public override ValueTask<IReadOnlyList<User>> ReadUsersAsync(string afterId, int count, CancellationToken cancellationToken)
    {
        PreparedStatement page = statements[ReadUsersSql];
        try
        {
            page.Bind(1, afterId);
            page.Bind(2, count);
            List<User> users = [];
            for (int bytes = 0; bytes < PageBytes.MaxUsers && page.Step(); bytes += PageBytes.Of(users[^1]))
            {
                users.Add(UserRow.Read(page));
            }

            return ValueTask.FromResult<IReadOnlyList<User>>(users);
        }
        finally
        {
            page.Reset();
        }
    }

    public override ValueTask<long> LastSequenceAsync(string room, CancellationToken cancellationToken) => ValueTask.FromResult(LastSequence(room));

    /// <summary>As above, for a caller that does not wait.</summary>
    public long LastSequence(string room) => statements[LastSequenceSql].One(room, static row => row.Integer(0));

    public override ValueTask<IReadOnlyList<ChatEntry>> ReadRoomAsync(
        string room, long afterSequence, int count, CancellationToken cancellationToken)
    {
        PreparedStatement page = statements[ReadRoomSql];
        try
        {
            page.Bind(1, room);
            page.Bind(2, afterSequence);
            page.Bind(3, count);
            List<ChatEntry> entries = [];
            for (int bytes = 0; bytes < PageBytes.MaxMessages && page.Step(); bytes += PageBytes.Of(entries[^1]))
            {
                entries.Add(new ChatEntry(
                    room,
                    page.Integer(0),
                    page.Text(1),
                    page.Text(2),
                    UnixMicrosecondsConverter.FromMicroseconds(page.Integer(3)),
                    page.TextOrNull(4)));
            }

            return ValueTask.FromResult<IReadOnlyList<ChatEntry>>(entries);
        }
        finally
        {
            page.Reset();
        }
    }

    public override void Dispose()
    {
        snapshot?.Dispose();
        statements.Dispose();
        base.Dispose();
    }
}
