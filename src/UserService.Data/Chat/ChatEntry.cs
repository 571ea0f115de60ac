namespace Users.Data;

/// <summary>A message in a room's log.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Sequence">Its place in the room: 1, 2, 3 ... without a gap.</param>
/// <param name="UserId">The speaker; kept when the user is deleted.</param>
/// <param name="Text">What was said.</param>
/// <param name="Time">When it was stored, in whole microseconds.</param>
/// <param name="RequestId">What the speaker said it under, as a UUID in lowercase; null: under nothing.</param>
public sealed record ChatEntry(string Room, long Sequence, string UserId, string Text, DateTimeOffset Time, string? RequestId = null);
