namespace Users.Data;

/// <summary>Says what becomes of the messages of a post, one after another, beside those that were said before.</summary>
internal static class PostJudge
{
    public static readonly Posted NoSpeaker = new(PostStatus.NotFound, [], []);

    /// <summary>As if each message were new.</summary>
    public static Posted Add(PostMessages post, long lastSequence, DateTimeOffset now)
    {
        var entries = new ChatEntry[post.Messages.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = Entry(post, post.Messages[i], lastSequence + 1 + i, now);
        }

        return new Posted(PostStatus.Done, entries, entries);
    }

    /// <param name="post">The messages.</param>
    /// <param name="lastSequence">The room's, which the new messages follow.</param>
    /// <param name="earlier">What the speaker said in this room under the post's request ids.</param>
    /// <param name="now">When the new ones are said.</param>
    public static Posted Judge(PostMessages post, long lastSequence, IReadOnlyList<ChatEntry> earlier, DateTimeOffset now)
    {
        List<ChatEntry> entries = [];
        List<ChatEntry> added = [];
        Dictionary<string, ChatEntry> said = earlier.ToDictionary(entry => entry.RequestId!);
        foreach (NewMessage message in post.Messages)
        {
            if (message.RequestId is null || !said.TryGetValue(message.RequestId, out ChatEntry? entry))
            {
                entry = Entry(post, message, ++lastSequence, now);
                added.Add(entry);
                if (entry.RequestId is not null)
                {
                    said.Add(entry.RequestId, entry);
                }
            }
            else if (entry.Text != message.Text)
            {
                return new Posted(PostStatus.RequestIdReused, entries, added);
            }

            entries.Add(entry);
        }

        return new Posted(PostStatus.Done, entries, added);
    }

    private static ChatEntry Entry(PostMessages post, NewMessage message, long sequence, DateTimeOffset now) =>
        new(post.Room, sequence, post.UserId, message.Text, now, message.RequestId);
}
