using Users.Cli.Commands;
using Users.Client.Output;

using var signals = new TerminationSignals();
var screen = Screen.OfProcess();
if (StandardStreams.IsOutputClosed)
{
    screen.Error("Standard output is closed: give it a place, if only /dev/null.");
    return ExitCodes.BadFile;
}

int exitCode = await UserctlCommandLine.RunAsync(args, screen, Environment.GetEnvironmentVariable, signals.Token);
return signals.ExitCode ?? exitCode;
