using Users.Cli.Commands;
using Users.Client.Output;

using var signals = new TerminationSignals();
int exitCode = await UserctlCommandLine.RunAsync(args, Screen.OfProcess(), Environment.GetEnvironmentVariable, signals.Token);
return signals.ExitCode ?? exitCode;
