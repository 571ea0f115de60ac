using System.CommandLine;
using System.CommandLine.Parsing;

namespace Users.Client.Connection;

/// <summary>The options <c>--address</c> and <c>--tls</c>: the server, or its replicas.</summary>
internal sealed class AddressOptions
{
    public const string Variable = "USERS_ADDRESS";
    public static readonly ServerAddress Default = new Uri("http://localhost:50051");

    private readonly Option<ServerAddress?> _address;
    private readonly Option<bool> _tls = new("--tls")
    {
        Description = "Speak TLS with an address that has no scheme.",
        Recursive = true,
    };

    /// <param name="environment">Reads an environment variable.</param>
    public AddressOptions(Func<string, string?> environment)
    {
        _address = new Option<ServerAddress?>("--address")
        {
            Description = "The server, http://HOST:PORT or https://HOST:PORT; several, with commas between; dns:///NAME:PORT for every"
                + $" address of a name; or unix:FILE. Without it {Variable} counts, then {Default}.",
            HelpName = "address",
            Recursive = true,
            CustomParser = result => Parse(result, result.Tokens[^1].Value, "--address"),
            DefaultValueFactory = result => environment(Variable) is { Length: > 0 } value ? Parse(result, value, Variable) : null,
        };
        _tls.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<bool>() && result.GetValue(_address) is { HasScheme: true, IsTls: false } address)
            {
                result.AddError($"--tls goes with an address without a scheme, or with https://, not with {address}.");
            }
        });
    }

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_address);
        root.Options.Add(_tls);
    }

    /// <returns>Null when neither the command line nor the environment names a server.</returns>
    public ServerAddress? Read(ParseResult parsed) =>
        parsed.GetValue(_address) is not { } address ? null
        : parsed.GetValue(_tls) ? address.InTls()
        : address;

    private static ServerAddress? Parse(ArgumentResult result, string value, string source)
    {
        ServerAddress? address = ServerAddress.TryParse(value);
        if (address is null)
        {
            result.AddError($"{source} takes http://HOST:PORT, https://HOST:PORT, HOST:PORT, several of one kind with commas between,"
                + $" dns:///NAME:PORT or unix:FILE, not '{value}'.");
        }

        return address;
    }
}
