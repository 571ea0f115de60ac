namespace Users.Data;

/// <summary>How far a room has come. Kept beside its messages, so that any of them may be deleted and no sequence is used again.</summary>
internal sealed class RoomEnd
{
    /// <summary>The room's name.</summary>
    public required string Name { get; init; }

    /// <summary>The sequence of its last message; the commit that appends raises it.</summary>
    public long Last { get; set; }
}
