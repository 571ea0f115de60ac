namespace Users.Data.Tests;

internal static class ChatLogExtensions
{
    /// <summary>Posts one message.</summary>
    public static async Task<ChatEntry?> PostAsync(
        this ChatLog log, string room, string userId, string text, CancellationToken cancellationToken) =>
        (await log.PostAsync(room, userId, [text], cancellationToken))?.Single();
}
