using Users.Client;
using Users.Client.Commands;
using Users.Client.Output;

using var signals = new TerminationSignals();
int exitCode = await UsersCommandLine.RunAsync(args, Screen.OfProcess(), Environment.GetEnvironmentVariable, signals.Token);
return signals.ExitCode ?? exitCode;
