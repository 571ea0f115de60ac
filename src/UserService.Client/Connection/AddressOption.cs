using System.CommandLine;
using System.CommandLine.Parsing;

namespace Users.Client.Connection;

/// <summary>The option <c>--address</c>: the server.</summary>
internal static class AddressOption
{
    public const string Variable = "USERS_ADDRESS";
    public static readonly Uri Default = new("http://localhost:50051");

    /// <summary>An option without a value when neither the command line nor the environment names a server.</summary>
    public static Option<Uri?> Create(Func<string, string?> environment) => new("--address")
    {
        Description = $"The server, http://HOST:PORT or https://HOST:PORT; without it {Variable} counts, then {Default.OriginalString}.",
        HelpName = "url",
        Recursive = true,
        CustomParser = result => Parse(result, result.Tokens[^1].Value, "--address"),
        DefaultValueFactory = result => environment(Variable) is { Length: > 0 } value ? Parse(result, value, Variable) : null,
    };

    private static Uri? Parse(ArgumentResult result, string value, string source)
    {
        if (Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.PathAndQuery is "/")
        {
            return address;
        }

        result.AddError($"{source} takes http://HOST:PORT or https://HOST:PORT, not '{value}'.");
        return null;
    }
}
