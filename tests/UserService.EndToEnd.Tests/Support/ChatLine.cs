namespace Users.EndToEnd.Tests.Support;

/// <summary>What a chat in a terminal shows of a message.</summary>
internal static class ChatLine
{
    /// <summary>The line without its speaker's name, which a busy or broken link may not bring in time: "#1 Hello".</summary>
    public static string WithoutName(string line) => $"{line.Split(' ')[0]} {line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]}";
}
