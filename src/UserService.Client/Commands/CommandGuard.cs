using Grpc.Core;
using Users.Client.Connection;
using Users.Client.Output;

namespace Users.Client.Commands;

/// <summary>Ends a command that failed with one sentence and an exit code.</summary>
internal static class CommandGuard
{
    public static async Task<int> RunAsync(Screen screen, Target target, Func<Task<int>> command, CancellationToken cancellationToken)
    {
        try
        {
            return await command();
        }
        // Ctrl+C reaches a server of our own too, so its last words may come before our own cancellation is felt.
        catch (Exception e) when (cancellationToken.IsCancellationRequested
            && e is OperationCanceledException or RpcException or CommandException)
        {
            screen.Error("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (CommandException e)
        {
            return Fail(screen, e);
        }
        catch (RpcException e)
        {
            return Fail(screen, Explain(e, target));
        }
    }

    private static int Fail(Screen screen, CommandException failure)
    {
        screen.Error(failure.Message);
        foreach (string line in failure.Details)
        {
            screen.Error(line);
        }

        return failure.ExitCode;
    }

    private static CommandException Explain(RpcException exception, Target target)
    {
        RpcFailure failure = RpcFailure.Read(exception);
        return failure.Code switch
        {
            // Without a reason it is the library's text, about sockets.
            StatusCode.Unavailable => new CommandException(
                $"The server at {target.Address.OriginalString} is not available{(failure.Reason is null ? "." : $": {failure.Text}")}",
                ExitCodes.NoServer),
            StatusCode.DeadlineExceeded => new CommandException(
                $"The server did not answer within {target.Deadline.TotalSeconds} seconds; --deadline allows more.",
                ExitCodes.DeadlineExceeded),
            _ => new CommandException($"{RpcFailure.NameOf(failure.Code)}: {failure.Text}", ExitCodes.Failed, failure.Details),
        };
    }
}
