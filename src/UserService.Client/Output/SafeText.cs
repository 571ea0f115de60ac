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

    /// <summary>The same for JSON, which stays the same JSON: outside ASCII only its strings have characters, and those may
    /// be escaped. What a formatter of JSON leaves as it is differs from one to the next.</summary>
    public static string NeutraliseJson(string json)
    {
        StringBuilder? safe = null;
        int index = 0;
        foreach (Rune rune in json.EnumerateRunes())
        {
            if (!rune.IsAscii && !IsHarmless(rune))
            {
                safe ??= new StringBuilder(json, 0, index, json.Length + 16);
                foreach (char unit in rune.ToString())
                {
                    safe.Append(SpelledOut(unit));
                }
            }
            else
            {
                safe?.Append(rune);
            }

            index += rune.Utf16SequenceLength;
        }

        return safe?.ToString() ?? json;
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner,
        _ => true,
    };

    private static string SpelledOut(Rune rune) => rune.IsBmp ? SpelledOut((char)rune.Value) : $"\\U{rune.Value:X8}";

    private static string SpelledOut(char unit) => $"\\u{(int)unit:X4}";
}
