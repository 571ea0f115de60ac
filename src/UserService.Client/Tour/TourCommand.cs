using System.CommandLine;
using System.CommandLine.Invocation;
using Grpc.Core;
using Users.Client.Connection;
using Users.Client.Output;

namespace Users.Client.Tour;

/// <summary>The command line of the program: which server to visit, and what to show it.</summary>
internal sealed class TourCommand : RootCommand
{
    private const string CaVariable = "USERS_CA";

    private readonly AddressOptions _address;
    private readonly Option<string?> _ca = new("--ca")
    {
        Description = $"Trust the authorities of this PEM file instead of the system's; without it {CaVariable} counts.",
        HelpName = "file",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The token of the user who takes the tour; without it {BearerToken.Variable} counts, which others do not see.",
        HelpName = "token",
    };

    private readonly Screen _screen;
    private readonly Func<string, string?> _environment;

    private TourCommand(Screen screen, Func<string, string?> environment)
        : base("Shows every pattern of gRPC in turn, against a real server.")
    {
        (_screen, _environment) = (screen, environment);
        _address = new AddressOptions(environment);
        _address.AddTo(this);
        Options.Add(_ca);
        Options.Add(_token);
        SetAction(RunAsync);
    }

    /// <param name="args">The command line's words.</param>
    /// <param name="screen">Where the tour is shown.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="cancellationToken">Interrupts the tour.</param>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        string[] args, Screen screen, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        ParseResult parsed = new TourCommand(screen, environment).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string line in parsed.Errors.Select(error => error.Message).Append("--help lists the options."))
            {
                screen.Error(line);
            }

            return ExitCodes.Usage;
        }

        // The signals are ours (TerminationSignals): the library's own handling would leave after two seconds, server or not.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellationToken);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var start = new TourStart(_screen, Tls(parsed), Token(parsed));
            return await start.RunAsync(_address.Read(parsed), cancellationToken) ? ExitCodes.Success : ExitCodes.Failed;
        }
        // Ctrl+C reaches a server of our own too, so its last words may come before our own cancellation is felt.
        catch (Exception e) when (cancellationToken.IsCancellationRequested
            && e is OperationCanceledException or RpcException or CommandException)
        {
            _screen.Error("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (CommandException e)
        {
            foreach (string line in e.Details.Prepend(e.Message).Where(line => line.Length > 0))
            {
                _screen.Error(line);
            }

            return e.ExitCode;
        }
    }

    private TlsFiles Tls(ParseResult parsed) => new(parsed.GetValue(_ca) ?? (_environment(CaVariable) is { Length: > 0 } file ? file : null));

    // The environment is no default of the option: the help would show the token.
    private string? Token(ParseResult parsed) =>
        parsed.GetValue(_token) is { } token ? BearerToken.Check(token, "--token")
        : _environment(BearerToken.Variable) is { Length: > 0 } variable ? BearerToken.Check(variable, BearerToken.Variable)
        : null;
}
