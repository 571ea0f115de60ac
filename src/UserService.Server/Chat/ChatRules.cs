using Users.Data;
using Users.Server.Errors;
using Users.Server.Fields;
using Users.Server.Settings;
using Users.V1;

namespace Users.Server.Chat;

/// <summary>What the first message of a stream says: the speaker, the room, and where in it to begin.</summary>
/// <param name="UserId">Its id.</param>
/// <param name="Room">Its name.</param>
/// <param name="AfterSequence">Null: from now on.</param>
/// <param name="IsReadOnly">The room has a name that is refused today: what was said there can be read.</param>
/// <param name="First">What it says beside joining; an empty text is nothing.</param>
internal sealed record ChatJoin(string UserId, string Room, long? AfterSequence, bool IsReadOnly, NewMessage First);

internal static class ChatRules
{
    private const string DefaultRoom = "lobby";

    public static ChatJoin ReadJoin(ChatMessage message, Speakers speakers, Limits limits)
    {
        var violations = new Violations();
        string userId = speakers.Read(message.UserId, violations);
        string room = ReadRoom(message.Room, speaks: message.Message.Length > 0, limits, violations);
        long? afterSequence = ReadAfter(message.HasAfterSequence ? message.AfterSequence : null, violations);
        if (message.Message.Length == 0 && message.RequestId.Length > 0)
        {
            violations.Add("request_id", "needs a text: a first message without one only joins.");
        }

        NewMessage first = ReadMessage(message.Message, message.RequestId, limits, violations);
        violations.ThrowIfAny();
        return new ChatJoin(userId, room, afterSequence, Visible.Reorders(room) || Visible.IsNothing(room), first);
    }

    /// <summary>A message after the first: it speaks, and stays in its room.</summary>
    public static NewMessage ReadLater(ChatMessage message, ChatJoin join, Speakers speakers, Limits limits)
    {
        if (message.Room.Length > 0 && message.Room != join.Room)
        {
            throw Failures.AlreadyJoined("room", join.Room).ToException();
        }

        if (message.UserId.Length > 0 && !message.UserId.Equals(join.UserId, speakers.Comparison))
        {
            throw Failures.AlreadyJoined("user_id", join.UserId).ToException();
        }

        var violations = new Violations();
        if (message.Message.Length == 0)
        {
            violations.Add("message", "must not be empty after the first message.");
        }

        if (message.HasAfterSequence)
        {
            violations.Add("after_sequence", "belongs in the first message only.");
        }

        if (join.IsReadOnly)
        {
            violations.Shown("room", join.Room);
        }

        NewMessage later = ReadMessage(message.Message, message.RequestId, limits, violations);
        violations.ThrowIfAny();
        return later;
    }

    public static (string Room, long? AfterSequence) Read(WatchRoomRequest request, Limits limits)
    {
        var violations = new Violations();
        string room = ReadRoom(request.Room, speaks: false, limits, violations);
        long? afterSequence = ReadAfter(request.HasAfterSequence ? request.AfterSequence : null, violations);
        violations.ThrowIfAny();
        return (room, afterSequence);
    }

    public static (string UserId, string Room, NewMessage Message) Read(PostMessageRequest request, Speakers speakers, Limits limits)
    {
        var violations = new Violations();
        string userId = speakers.Read(request.UserId, violations);
        string room = ReadRoom(request.Room, speaks: true, limits, violations);
        if (request.Message.Length == 0)
        {
            violations.Add("message", "must not be empty.");
        }

        NewMessage message = ReadMessage(request.Message, request.RequestId, limits, violations);
        violations.ThrowIfAny();
        return (userId, room, message);
    }

    private static string ReadRoom(string name, bool speaks, Limits limits, Violations violations)
    {
        string room = name.Length == 0 ? DefaultRoom : name;
        if (FieldRules.IsLongerThan(room, limits.MaxRoomLength))
        {
            violations.Add("room", $"is too long: give at most {limits.MaxRoomLength} characters.");
        }
        else if (FieldRules.HasControl(room))
        {
            violations.Add("room", "must not contain control characters.");
        }
        else if (speaks)
        {
            violations.Shown("room", room);
        }

        return room;
    }

    private static long? ReadAfter(long? sequence, Violations violations)
    {
        if (sequence < 0)
        {
            violations.Add("after_sequence", "must not be negative: give the last sequence received, or 0 for all.");
        }

        return sequence;
    }

    private static NewMessage ReadMessage(string text, string requestId, Limits limits, Violations violations)
    {
        if (FieldRules.IsLongerThan(text, limits.MaxTextLength))
        {
            violations.Add("message", $"is too long: give at most {limits.MaxTextLength} characters.");
        }
        else if (text.Contains('\0', StringComparison.Ordinal))
        {
            // SQLite's own functions, and EF Core's provider, take it for the end of a text.
            violations.Add("message", "must not contain the character U+0000.");
        }

        return new NewMessage(text, violations.OptionalId("request_id", requestId));
    }
}
