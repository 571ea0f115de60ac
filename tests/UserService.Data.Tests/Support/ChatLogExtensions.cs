namespace Users.Data.Tests;

internal static class ChatLogExtensions
{
    /// <summary>Posts one message; null: its speaker is no user.</summary>
    public static async Task<ChatEntry?> PostAsync(
        this ChatLog log, string room, string userId, string text, CancellationToken cancellationToken) =>
        (await log.PostAsync(room, userId, [new NewMessage(text)], cancellationToken)) is { Status: PostStatus.Done } posted
            ? posted.Entries.Single() : null;

    /// <summary>Reads until it has so many messages, for which it waits.</summary>
    public static async Task<List<ChatEntry>> ReadAsync(this ChatSubscription reader, int count)
    {
        List<ChatEntry> entries = [];
        while (entries.Count < count)
        {
            entries.AddRange(await reader.ReadAsync(TestContext.Current.CancellationToken));
        }

        return entries;
    }

    /// <summary>Posts messages without request ids.</summary>
    public static Task<Posted> PostAsync(
        this ChatLog log, string room, string userId, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        log.PostAsync(room, userId, [.. texts.Select(text => new NewMessage(text))], cancellationToken);
}
