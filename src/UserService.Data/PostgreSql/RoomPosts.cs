using System.Data.Common;
using Npgsql;

namespace Users.Data.PostgreSql;

/// <summary>
/// Appends messages. It locks the rooms in the order of their names first: so sequences are committed in their order, without a gap, and no
/// other replica says under the same request ids meanwhile.
/// </summary>
internal sealed class RoomPosts(PostgreSqlUsersContext db, NewRows rows)
{
    private const string LockSql = "SELECT name, last FROM rooms WHERE name = ANY ($1) ORDER BY name FOR UPDATE";
    private const string MakeSql = "INSERT INTO rooms (name, last) SELECT name, 0 FROM unnest($1) AS name ON CONFLICT DO NOTHING";
    private const string RaiseSql = "UPDATE rooms SET last = raised.last FROM unnest($1, $2) AS raised (name, last) WHERE rooms.name = raised.name";
    private const string SpeakersSql = "SELECT id FROM users WHERE id = ANY ($1)";

    // By the id alone, which is the first column of the index; another speaker that drew the same one is passed over.
    private const string SaidSql = "SELECT room, sequence, user_id, text, time, request_id FROM chat_messages WHERE request_id = ANY ($1)";

    private readonly Rows<ChatEntry> _messages = new(db);

    public async Task RunAsync(IEnumerable<WriteItem> items)
    {
        PostMessages[] posts = [.. items.OfType<PostMessages>()];
        if (posts.Length > 0)
        {
            var found = new Found();
            await ReadAsync(posts, found);
            await AppendAsync(Judge(posts, found), found.Lasts);
        }
    }

    private async Task ReadAsync(PostMessages[] posts, Found found)
    {
        string[] names = [.. posts.Select(post => post.Room).Distinct().Order(StringComparer.Ordinal)];
        string[] speakers = [.. posts.Where(post => post.IsUser).Select(post => post.UserId).Distinct()];
        string[] requestIds = [.. posts.SelectMany(post => post.RequestIds).Distinct()];
        await LookAsync(names, speakers, requestIds, found);
        if (found.Lasts.Count < names.Length)
        {
            await db.RunAsync([Statements.Command(MakeSql, (object)names)]);
            await LookAsync(names, speakers, requestIds, found);
        }
    }

    // One round trip; the rooms are locked by the first of its statements, and so what the others see stays true.
    private async Task LookAsync(string[] names, string[] speakers, string[] requestIds, Found found)
    {
        await using NpgsqlBatch batch = db.Batch(
        [
            Statements.Command(LockSql, (object)names),
            Statements.Command(SpeakersSql, (object)speakers),
            Statements.Command(SaidSql, (object)requestIds),
        ]);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        found.Lasts = await reader.ReadAllAsync(row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1))).ToDictionaryAsync();
        await reader.NextResultAsync();
        found.Speakers = await reader.ReadAllAsync(row => row.GetString(0)).ToHashSetAsync();
        await reader.NextResultAsync();
        found.Said = await reader.ReadAllAsync(Entry).ToDictionaryAsync(entry => (entry.Room, entry.UserId, entry.RequestId!));
    }

    private List<ChatEntry> Judge(PostMessages[] posts, Found found)
    {
        List<ChatEntry> added = [];
        foreach (PostMessages post in posts)
        {
            if (post.IsUser && !found.Speakers.Contains(post.UserId))
            {
                post.Outcome = PostJudge.NoSpeaker;
                continue;
            }

            ChatEntry[] earlier = [.. post.RequestIds.Select(id => found.Said.GetValueOrDefault((post.Room, post.UserId, id))).OfType<ChatEntry>()];
            post.Outcome = PostJudge.Judge(post, found.Lasts[post.Room], earlier, rows.Now());
            found.Lasts[post.Room] += post.Outcome.Added.Count;
            added.AddRange(post.Outcome.Added);
            foreach (ChatEntry entry in post.Outcome.Added.Where(entry => entry.RequestId is not null))
            {
                found.Said.Add((entry.Room, entry.UserId, entry.RequestId!), entry);
            }
        }

        return added;
    }

    private Task AppendAsync(List<ChatEntry> added, Dictionary<string, long> lasts) => added.Count == 0 ? Task.CompletedTask : db.RunAsync(
    [
        _messages.Insert(added),
        Statements.Command(RaiseSql, lasts.Keys.ToArray(), lasts.Values.ToArray()),
    ]);

    private static ChatEntry Entry(DbDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), UnixMicrosecondsConverter.FromMicroseconds(row.GetInt64(4)), row.GetString(5));

    /// <summary>What the database has, and then what the posts make of it.</summary>
    private sealed class Found
    {
        public Dictionary<string, long> Lasts { get; set; } = [];

        public HashSet<string> Speakers { get; set; } = [];

        public Dictionary<(string Room, string Speaker, string RequestId), ChatEntry> Said { get; set; } = [];
    }
}
