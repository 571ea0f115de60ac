using System.CommandLine;
using System.Globalization;

namespace Users.Benchmarks;

/// <summary><c>--seconds</c>: the same number in every locale; "1,5" would be 15 to .NET, which takes the comma for a separator of thousands.</summary>
internal static class SecondsOption
{
    public static Option<double> Create(string description, double seconds) => new("--seconds")
    {
        Description = description,
        DefaultValueFactory = _ => seconds,
        CustomParser = result =>
        {
            string word = result.Tokens[^1].Value;
            if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double given) && given > 0)
            {
                return given;
            }

            result.AddError($"--seconds takes a number above 0, such as 1.5, not '{word}'.");
            return default;
        },
    };
}
