using System.Globalization;
using System.Text;

namespace Users.Client.Output;

/// <summary>
/// Makes text from elsewhere fit to show: what a terminal would obey (escape sequences, carriage returns) or what would
/// reorder a line (bidirectional overrides) is spelled out as <c>\u001B</c> instead. Markup needs nothing here, because
/// <see cref="Screen"/> never parses any.
/// </summary>
internal static class SafeText
{
    /// <summary>The longest text shown, in Unicode code points; the longest chat message has as many.</summary>
    public const int MaxRunes = 4000;

    // Format characters that many scripts and emoji need between their letters, and that move nothing.
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    public static string Neutralise(string text)
    {
        var safe = new StringBuilder(text.Length);
        int runes = 0;
        // A lone surrogate is enumerated as U+FFFD, which is harmless.
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (runes++ == MaxRunes)
            {
                return safe.Append("...").ToString();
            }

            _ = IsHarmless(rune) ? safe.Append(rune) : safe.Append(SpelledOut(rune));
        }

        return safe.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner,
        _ => true,
    };

    private static string SpelledOut(Rune rune) => rune.IsBmp ? $"\\u{rune.Value:X4}" : $"\\U{rune.Value:X8}";
}
