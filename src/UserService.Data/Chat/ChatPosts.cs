namespace Users.Data;

/// <summary>A message to say.</summary>
/// <param name="Text">Already validated.</param>
/// <param name="RequestId">A UUID in lowercase, under which this speaker says it once in this room; null: as often as it is posted.</param>
public readonly record struct NewMessage(string Text, string? RequestId = null);

/// <summary>What became of a post.</summary>
public enum PostStatus
{
    /// <summary>Every message is stored, by this post or by an earlier one.</summary>
    Done,

    /// <summary>The speaker has to be a user, and there is none. Nothing was written.</summary>
    NotFound,

    /// <summary>A message has the request id of another text. Those before it are stored, and none after it.</summary>
    RequestIdReused,
}

/// <summary>The outcome of a post.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Entries">The messages as they are stored, in the order of the post; a repeated one is the earlier entry.</param>
/// <param name="Added">Those that this post added to the room.</param>
public readonly record struct Posted(PostStatus Status, IReadOnlyList<ChatEntry> Entries, IReadOnlyList<ChatEntry> Added);
