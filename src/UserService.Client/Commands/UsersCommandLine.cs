using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Users.Client.Output;

namespace Users.Client.Commands;

/// <summary>The command line: each command is one line here, and one class beside this one.</summary>
internal static class UsersCommandLine
{
    /// <param name="args">The command line's words.</param>
    /// <param name="screen">Where commands write.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="cancellationToken">Interrupts a command.</param>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        string[] args, Screen screen, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        var target = new TargetOptions(environment);
        var tour = new TourCommand(target, screen);
        var root = new RootCommand("A client of users.v1.UserService. Without a command it gives the tour.") { tour };
        root.Subcommands.Add(new ChatCommand(target, screen));
        target.AddTo(root);
        root.SetAction(tour.RunAsync);

        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (ParseError error in parsed.Errors)
            {
                screen.Error(error.Message);
            }

            screen.Error("--help lists the commands and options.");
            return ExitCodes.Usage;
        }

        // The signals are ours (TerminationSignals): the library's own handling would leave after two seconds, server or not.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }
}
