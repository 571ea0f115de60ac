using Microsoft.EntityFrameworkCore;

namespace Users.Data;

/// <summary>
/// Appends a message by one statement that draws its sequence and looks whether its user exists. The sequence comes from the
/// table itself, so a commit that fails leaves nothing to take back.
/// </summary>
internal static class ChatInsert
{
    private const string Sql = """
        INSERT INTO chat_messages (room, sequence, user_id, text, time)
        SELECT {0}, 1 + coalesce((SELECT max(sequence) FROM chat_messages WHERE room = {0}), 0), {1}, {2}, {3}
        WHERE EXISTS (SELECT 1 FROM users WHERE id = {1})
        RETURNING sequence AS Value
        """;

    /// <summary>The message as it is stored, or null if there is no such user.</summary>
    public static ChatEntry? Run(UsersContext db, string room, string userId, string text, DateTimeOffset time)
    {
        long[] sequence =
            [.. db.Database.SqlQueryRaw<long>(Sql, room, userId, text, UnixMicrosecondsConverter.ToMicroseconds(time))];
        return sequence.Length == 0 ? null : new ChatEntry(room, sequence[0], userId, text, time);
    }
}
