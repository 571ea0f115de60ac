using System.CommandLine;
using Users.Client.Connection;

namespace Users.Cli.Commands;

/// <summary>The options that every command shares for TLS: the authority to trust, and the client certificate to show.</summary>
internal sealed class TlsOptions(Func<string, string?> environment)
{
    public const string CaVariable = "USERS_CA";

    private readonly Option<string?> _ca = New("--ca", $"Trust the authorities of this PEM file instead of the system's; without it {CaVariable} counts.");
    private readonly Option<string?> _certificate = New("--cert", "The certificate that the client shows, in PEM; with --key.");
    private readonly Option<string?> _key = New("--key", "Its private key, in PEM.");

    public void AddTo(RootCommand root)
    {
        Pair(_certificate, _key);
        Pair(_key, _certificate);
        root.Options.Add(_ca);
        root.Options.Add(_certificate);
        root.Options.Add(_key);
    }

    public TlsFiles Read(ParseResult parsed)
    {
        string? ca = parsed.GetValue(_ca) ?? environment(CaVariable);
        return new TlsFiles(ca is "" ? null : ca, parsed.GetValue(_certificate), parsed.GetValue(_key));
    }

    private static Option<string?> New(string name, string description) =>
        new(name) { Description = description, HelpName = "file", Recursive = true };

    private static void Pair(Option<string?> option, Option<string?> other) => option.Validators.Add(result =>
    {
        if (result.GetResult(other) is null)
        {
            result.AddError($"{option.Name} goes with {other.Name}.");
        }
    });
}
