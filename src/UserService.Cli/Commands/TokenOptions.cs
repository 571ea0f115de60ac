using System.CommandLine;
using Users.Cli.Connection;
using Users.Client.Connection;

namespace Users.Cli.Commands;

/// <summary>The options that every command shares for its token: at most one says where it comes from.</summary>
internal sealed class TokenOptions
{
    private readonly Func<string, string?> _environment;
    private readonly Option<string?> _token = New(
        "--token", "token", $"The token itself; others may see it in the list of processes. Without any of the three {BearerToken.Variable} counts.");
    private readonly Option<string?> _file = New("--token-file", "file", "A file with the token in its first line, read anew for each call.");
    private readonly Option<string?> _command = New(
        "--token-command", "command", "A command for the shell that writes the token; runs again when the token has expired.");
    private readonly Option<bool> _inCleartext = new("--token-in-cleartext")
    {
        Description = "Send the token without TLS to another host than this one: anybody on the way can use it.",
        Recursive = true,
    };

    public TokenOptions(Func<string, string?> environment)
    {
        _environment = environment;
        Option<string?>[] sources = [_token, _file, _command];
        foreach (Option<string?> source in sources)
        {
            source.Validators.Add(result =>
            {
                Option<string?>[] given = [.. sources.Where(option => result.GetResult(option) is not null)];
                // The first of them says it, once.
                if (given.Length > 1 && given[0] == source)
                {
                    result.AddError("One of --token, --token-file and --token-command is enough.");
                }
            });
        }
    }

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_token);
        root.Options.Add(_file);
        root.Options.Add(_command);
        root.Options.Add(_inCleartext);
    }

    public bool AllowsCleartext(ParseResult parsed) => parsed.GetValue(_inCleartext);

    /// <returns>Null without a token. The environment is no default of an option: the help would show it.</returns>
    public TokenSource? Read(ParseResult parsed, CancellationToken interrupted) =>
        parsed.GetValue(_token) is { } token ? TokenSource.Of(token, "--token")
        : parsed.GetValue(_file) is { } file ? TokenSource.OfFile(file)
        : parsed.GetValue(_command) is { } command ? TokenSource.OfCommand(command, interrupted)
        : _environment(BearerToken.Variable) is { Length: > 0 } variable ? TokenSource.Of(variable, BearerToken.Variable)
        : null;

    private static Option<string?> New(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Recursive = true };
}
