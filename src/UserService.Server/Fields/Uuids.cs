using System.Buffers;

namespace Users.Server.Fields;

/// <summary>UUIDs of the form 8-4-4-4-12, of any version and case.</summary>
internal static class Uuids
{
    private const int Length = 36;

    // Guid.TryParseExact also takes white space around the text and "0x" inside it.
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF-");

    public static bool TryParse(string text, out Guid uuid)
    {
        uuid = default;
        return text.Length == Length && !text.AsSpan().ContainsAnyExcept(Characters) && Guid.TryParseExact(text, "D", out uuid);
    }
}
