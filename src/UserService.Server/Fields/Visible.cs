using System.Buffers;
using System.Globalization;
using System.Text;

namespace Users.Server.Fields;

/// <summary>What a reader sees of a text. A name that shows nothing, or that changes what stands around it, deceives.</summary>
internal static class Visible
{
    // Bidirectional embeddings, overrides and isolates (https://www.unicode.org/reports/tr9/), and the separators of lines and paragraphs.
    private static readonly SearchValues<char> Reordering =
        SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u2028\u2029");

    // Letters and symbols by their category, and blank on the screen: the fillers of Hangul, and the braille pattern without dots.
    private static readonly SearchValues<char> Blank = SearchValues.Create("\u115F\u1160\u3164\uFFA0\u2800");

    /// <summary>Whether it changes the order, or the line, of what stands around it.</summary>
    public static bool Reorders(string text) => text.AsSpan().ContainsAny(Reordering);

    /// <summary>Whether nothing of it is seen. A joiner or a combining mark shows with what it joins, and alone is nothing.</summary>
    public static bool IsNothing(string text) => !text.EnumerateRunes().Any(Shows);

    private static bool Shows(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format => false,
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => false,
        _ => !rune.IsBmp || !Blank.Contains((char)rune.Value),
    };
}
