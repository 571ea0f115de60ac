using System.CommandLine;
using System.CommandLine.Invocation;
using Users.Cli.Output;
using Users.Client.Output;

namespace Users.Cli.Commands;

/// <summary>The command line: each command is one line here, and one class beside this one.</summary>
internal static class UserctlCommandLine
{
    private const string Hint = "--help lists the commands and options.";
    private const char ByteOrderMark = '\uFEFF';
    // What .NET puts in a word for bytes that are no UTF-8.
    private const char BrokenBytes = '\uFFFD';

    /// <param name="args">The command line's words.</param>
    /// <param name="screen">Where commands write.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="cancellationToken">Interrupts a command.</param>
    /// <param name="output">Where help and completions go, if not to standard output.</param>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        string[] args, Screen screen, Func<string, string?> environment, CancellationToken cancellationToken, TextWriter? output = null)
    {
        var target = new TargetOptions(environment);
        var action = new ServiceAction(target, screen);
        var root = new RootCommand("The users and rooms of users.v1.UserService, from the command line.")
        {
            new GetCommand(action),
            new CreateCommand(action),
            new UpdateCommand(action),
            new DeleteCommand(action),
            new ListCommand(action),
            new ImportCommand(action),
            new ExportCommand(action),
            new ChatCommand(action),
        };
        target.AddTo(root);
        root.SetAction(parsed => new Report(screen, target.IsJson(parsed)).Failure(new CommandException("userctl takes a command.", ExitCodes.Usage, Hint)));

        // Otherwise a name such as @home would be read as a file of more arguments.
        ParseResult parsed = root.Parse([.. args.Select(WithoutMark)], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Array.Find(args, word => word.Contains(BrokenBytes, StringComparison.Ordinal)) is { } broken)
        {
            return new Report(screen, target.IsJson(parsed)).Failure(new CommandException($"'{broken}' is not UTF-8.", ExitCodes.Usage));
        }

        if (parsed.Action is ParseErrorAction)
        {
            string[] errors = [.. parsed.Errors.Select(error => error.Message), Hint];
            return new Report(screen, target.IsJson(parsed)).Failure(new CommandException(errors[0], ExitCodes.Usage, errors[1..]));
        }

        // The signals are ours (TerminationSignals): the library's own handling would leave after two seconds, server or not.
        var invocation = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
            Output = output ?? screen.Output,
        };
        try
        {
            int exitCode = await parsed.InvokeAsync(invocation, cancellationToken);
            await invocation.Output.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (IOException e)
        {
            // Of the help, or a completion.
            return new Report(screen, target.IsJson(parsed)).Failure(StandardStreams.Failure(e));
        }
    }

    // As a file's is skipped: a word may come out of one.
    private static string WithoutMark(string word) => word.StartsWith(ByteOrderMark) ? word[1..] : word;
}
