using Grpc.Core;
using Users.Client.Connection;

namespace Users.Cli.Commands;

/// <summary>Says why a call failed: in a sentence, with an exit code.</summary>
internal static class CallFailure
{
    public static async Task<CommandException> ExplainAsync(
        RpcException exception, Target target, CancellationToken cancellationToken, string? advice = null)
    {
        // The token of this call, which never left.
        if (exception.Status.DebugException is CommandException own)
        {
            return new CommandException(own.Message, own.ExitCode) { Advice = advice };
        }

        if (await TransportFault.DescribeAsync(exception, target.Address, cancellationToken, target.Tls) is { } sentence)
        {
            return new CommandException(sentence, ExitCodes.NoServer) { Code = Name(exception.StatusCode), Advice = advice };
        }

        RpcFailure failure = RpcFailure.Read(exception);
        (string text, int exitCode, IReadOnlyList<string> details) = failure.Code switch
        {
            // With an exception behind it the text is the library's, about sockets, and not the server's.
            StatusCode.Unavailable => (
                target.Address.NotAvailable
                    + (exception.Status.DebugException is null ? $": {failure.Text}" : "."),
                ExitCodes.NoServer,
                []),
            StatusCode.DeadlineExceeded => (
                $"The server did not answer within {target.Deadline.TotalSeconds} seconds; --deadline allows more.",
                ExitCodes.DeadlineExceeded, []),
            StatusCode.Unauthenticated when failure.Reason is RpcFailure.TokenMissing => (
                $"{Name(failure.Code)}: The server asks for a token: give one with --token-file, --token-command, --token or USERS_TOKEN.",
                ExitCodes.Failed, []),
            StatusCode.Unauthenticated when failure.Reason is RpcFailure.TokenExpired && target.Token is { CanRenew: false } => (
                $"{Name(failure.Code)}: The token has expired: give a fresh one, or --token-file or --token-command to get it from.",
                ExitCodes.Failed, []),
            _ => ($"{RpcFailure.NameOf(failure.Code)}: {failure.Text}", ExitCodes.Failed, failure.Details),
        };
        return new CommandException(text, exitCode, details)
        {
            Code = Name(failure.Code),
            Reason = failure.Reason,
            Advice = advice,
        };
    }

    private static string Name(StatusCode code) => RpcFailure.NameOf(code);
}
