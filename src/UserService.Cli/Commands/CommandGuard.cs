using Grpc.Core;
using Users.Cli.Output;
using Users.Client.Output;

namespace Users.Cli.Commands;

/// <summary>Ends a command that failed with one sentence and an exit code.</summary>
internal static class CommandGuard
{
    public static async Task<int> RunAsync(Screen screen, Target target, Func<Task<int>> command, CancellationToken cancellationToken)
    {
        var report = new Report(screen, target.Json);
        try
        {
            try
            {
                return await command();
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw await CallFailure.ExplainAsync(e, target, cancellationToken);
            }
        }
        // Ctrl+C reaches a server of our own too, so its last words may come before our own cancellation is felt.
        catch (Exception e) when (cancellationToken.IsCancellationRequested
            && e is OperationCanceledException or RpcException or CommandException)
        {
            return report.Failure(new CommandException("Interrupted.", ExitCodes.Interrupted) { Advice = (e as CommandException)?.Advice });
        }
        catch (CommandException e)
        {
            return report.Failure(e);
        }
    }
}
