namespace Users.Server.Settings;

/// <summary>The section <c>Chat</c>.</summary>
internal sealed class ChatSettings
{
    /// <summary>
    /// Whether the speakers are users that exist here, so that a deleted one is silent. Otherwise a speaker is the subject of its caller's
    /// token and, without tokens, any name.
    /// </summary>
    public bool SpeakersAreUsers { get; init; } = true;
}
