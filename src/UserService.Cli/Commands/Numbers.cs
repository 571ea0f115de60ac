using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Users.Cli.Commands;

/// <summary>Numbers of the command line: the same in every locale, with a point and without separators of thousands.</summary>
internal static class Numbers
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <param name="result">The words of the option; the last one counts.</param>
    /// <param name="fits">Whether the number is one that the option takes.</param>
    /// <param name="expected">What the option takes, as a sentence without its end.</param>
    public static T Parse<T>(ArgumentResult result, Func<T, bool> fits, string expected)
        where T : struct, INumber<T>
    {
        string word = result.Tokens[^1].Value;
        if (T.TryParse(word, Style, CultureInfo.InvariantCulture, out T number) && fits(number))
        {
            return number;
        }

        result.AddError($"{expected}, not '{word}'.");
        return default;
    }
}
