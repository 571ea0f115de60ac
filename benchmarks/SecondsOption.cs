using System.CommandLine;
using System.Globalization;

namespace Users.Benchmarks;

/// <summary><c>--seconds</c> and other options of seconds: the same number in every locale; "1,5" would be 15 to .NET, which takes the comma for a separator of thousands.</summary>
internal static class SecondsOption
{
    public static Option<double> Create(string description, double seconds, string name = "--seconds", double least = double.Epsilon) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => seconds,
        CustomParser = result =>
        {
            string word = result.Tokens[^1].Value;
            if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double given) && given >= least)
            {
                return given;
            }

            result.AddError($"{name} takes a number {(least > 0 ? "above 0" : "from 0 on")}, such as 1.5, not '{word}'.");
            return default;
        },
    };
}
