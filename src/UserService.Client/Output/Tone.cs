namespace Users.Client.Output;

/// <summary>What a piece of text is, for its colour on a terminal. A pipe gets the same text without it.</summary>
internal enum Tone
{
    Plain,
    Quiet,
    Heading,
    Sent,
    Received,
    Good,
    Bad,
}
