using Users.Client;
using Users.Client.Output;
using Users.Client.Tour;

using var signals = new TerminationSignals();
int exitCode = await TourCommand.RunAsync(args, Screen.OfProcess(), Environment.GetEnvironmentVariable, signals.Token);
return signals.ExitCode ?? exitCode;
